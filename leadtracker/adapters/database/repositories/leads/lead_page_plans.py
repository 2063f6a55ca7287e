"""How a page is read where a number decides it that no planner knows: of an owner's leads, or of matches."""

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from leadtracker.adapters.database.engine.statements import Row
from leadtracker.adapters.database.repositories.leads.lead_page_statements import ListQueryVariant
from leadtracker.adapters.database.repositories.leads.search_plans import FullText, SearchPlan
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort

_FEW_TO_SEARCH = 2_000
_FEW_TO_SORT = 4_000
_FEW_ENQUIRIES = 8_000


@frozen
class PagePlanner:
    """Chooses the variant that reads the fewest leads.

    A search reads the matches of its words, or the leads of the owner. An order for which unowned leads have
    no index is made by sorting these leads, or by walking through all leads in that order. A last touch is
    looked for among the enquiries that have it, or while walking through all leads.

    Attributes:
        has_at_most: returns whether so many leads match a filter, from an index alone.
        finds_at_most: returns whether the search of the page has so many matches.
    """

    _has_at_most: Callable[[int, LeadFilter], bool]
    _finds_at_most: Callable[[int], bool]

    def plan(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant to use for a page or a count of the filter."""
        if variant.last_touch:
            name = variant.last_touch[0]
            enquiries = LeadFilter(touch={name: lead_filter.last_touch[name]}, duplicates=Duplicates.INCLUDE)
            variant = evolve(variant, finds_enquiries=self._has_at_most(_FEW_ENQUIRIES, enquiries))
        if not (variant.has_owner or variant.is_unowned):
            return variant
        if variant.has_search:
            return evolve(variant, checks_search=self._checks_search(variant, lead_filter))
        has_index = variant.has_owner or variant.has_email or variant.has_primary
        if has_index or variant.sort.key == Sort.CREATED_AT:
            return variant
        unowned = LeadFilter(
            is_unowned=True,
            states=lead_filter.states,
            is_waiting=lead_filter.is_waiting,
            duplicates=Duplicates.INCLUDE,
        )
        return evolve(variant, walks_all=not self._has_at_most(_FEW_TO_SORT, unowned))

    def _checks_search(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        owned = LeadFilter(
            owner=lead_filter.owner, is_unowned=lead_filter.is_unowned, duplicates=Duplicates.INCLUDE
        )
        if self._has_at_most(_FEW_TO_SEARCH, owned):
            return True
        has_order = variant.has_owner and variant.sort.key != Sort.CREATED_AT
        return has_order and not self._finds_at_most(_FEW_TO_SORT)


def plans_of(full_text: FullText, sort: Sort) -> list[SearchPlan]:
    """Return the plans of a search for a page in this order."""
    is_by_creation = sort.key == Sort.CREATED_AT
    return [plan for plan in full_text.plans if is_by_creation or plan.most_sorted is None]


def few_matches(plans: Sequence[SearchPlan]) -> int:
    """Return the greatest number of matches that still decides about a plan; 0 if none does."""
    return max((plan.most_matches or 0 for plan in plans), default=0)


def rows_by_plans(
    plans: Sequence[SearchPlan],
    read: Callable[[SearchPlan], list[Row]],
    count: Callable[[int], int],
    limit: int,
) -> list[Row]:
    """Return the rows of the first plan that finds a complete page.

    Args:
        plans: in the order in which they are tried.
        read: returns the rows that a plan finds.
        count: returns the number of matches of the search, at most one more than its argument.
        limit: the number of rows of a full page.
    """
    rows: list[Row] = []
    matches: int | None = None
    for plan in plans:
        if plan.most_matches is not None:
            matches = count(few_matches(plans)) if matches is None else matches
            if matches == 0:
                return []
            if matches > plan.most_matches:
                continue
        rows = read(plan)
        if plan.is_complete or len(rows) >= limit:
            break
    return rows
