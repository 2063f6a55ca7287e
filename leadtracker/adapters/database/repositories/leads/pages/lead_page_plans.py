"""Pages of leads and their counts, read in a way that depends on numbers which no planner knows.

A search reads the matches of its words, or looks at each of the few leads that other conditions leave, or
walks through leads in the order of the page. An order for which unowned leads have no index is made by
sorting these leads, or by walking through all leads in that order. A last touch is looked for among the
enquiries that have it, or while walking through all leads. Leads that were changed in a time range are found
and sorted if they are few.
"""

from collections.abc import Callable, Iterator, Sequence

from attrs import evolve, frozen

from leadtracker.adapters.database.engine.statement_names import Row
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_statements import TimestampAsText
from leadtracker.adapters.database.repositories.leads.pages.lead_page_statements import (
    count_page,
    select_page,
)
from leadtracker.adapters.database.repositories.leads.pages.list_query_variant import (
    ListQueryVariant,
    page_values,
)
from leadtracker.adapters.database.repositories.leads.pages.search_plans import (
    FullText,
    SearchPlan,
    count_common,
)
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor

_FEW_TO_SEARCH = 2_000
_FEW_TO_SORT = 4_000
_FEW_ENQUIRIES = 8_000
_COMMON = 10
_AMONG_FEW = SearchPlan(most_read=_FEW_TO_SEARCH)
_SAMPLE = SearchPlan(is_sample=True)


@frozen
class LeadPages:
    """Reads pages of leads, and counts them."""

    _executor: StatementExecutor
    _full_text: FullText

    def rows(
        self,
        lead_filter: LeadFilter,
        limit: int,
        after: Cursor | None,
        sort: Sort,
        as_text: TimestampAsText | None = None,
    ) -> list[Row]:
        """Return the rows of a page: all columns, or those of the payload if ``as_text`` converts times."""
        if lead_filter.search is not None and not lead_filter.search.words:
            return []
        values = page_values(lead_filter, after, limit, self._full_text)
        variant = self._plan(ListQueryVariant.of(lead_filter, after, sort), lead_filter)
        statement = (variant, self._full_text, self._executor.dialect.likelihood, as_text)
        plans = self._plans_of(variant)
        if not plans:
            return self._executor.rows(select_page, *statement, **values)
        return _rows_by_plans(
            plans,
            lambda plan: self._executor.rows(select_page, *statement, plan, **values),
            lambda most: self._matches(most, values),
            limit,
        )

    def count(self, lead_filter: LeadFilter, most: int, sort: Sort) -> int:
        """Return the number of leads of a list, or ``most`` if there are at least so many."""
        if lead_filter.search is not None and not lead_filter.search.words:
            return 0
        values = page_values(lead_filter, None, most, self._full_text)
        variant = ListQueryVariant.of(lead_filter, None, sort)
        if variant.has_search or variant.last_touch:
            variant = self._plan(variant, lead_filter)
        variant = variant.for_count()
        if self._looks_at_few(variant):
            return self._leads(variant, _AMONG_FEW, values)
        if not variant.has_search or self._full_text.has_order:
            return self._leads(variant, None, values)
        bound = _few_matches(self._full_text.plans)
        if bound and self._matches(bound, values) <= bound:
            return self._leads(variant, SearchPlan(), values)
        number = self._leads(variant, _SAMPLE, values)
        return number if number >= most else self._leads(variant, None, values)

    def _leads(self, variant: ListQueryVariant, plan: SearchPlan | None, values: dict[str, object]) -> int:
        statement = (variant, self._full_text, self._executor.dialect.likelihood, plan)
        row = self._executor.row(count_page, *statement, **values)
        return int(row.leads) if row else 0

    def _matches(self, most: int, values: dict[str, object]) -> int:
        """Return how many matches a search has, whatever else is asked for, at most ``most`` + 1."""
        if not self._full_text.has_order:
            sample = self._executor.row(count_common, self._full_text, **values)
            if sample and sample.matches >= _COMMON:
                return most + 1
        row = self._executor.row(self._full_text.count_matches, most_matches=most + 1, **values)
        return int(row.matches) if row else 0

    def _plans_of(self, variant: ListQueryVariant) -> list[SearchPlan]:
        """Return the plans of a search for a page; none if its index has the order of the page."""
        if not variant.has_search:
            return []
        if self._looks_at_few(variant):
            return [_AMONG_FEW]
        is_by_creation = variant.sort.key == Sort.CREATED_AT
        if self._full_text.has_order:
            return [] if is_by_creation or variant.checks_search else list(self._full_text.plans)
        return [plan for plan in self._full_text.plans if is_by_creation or plan.most_sorted is None]

    def _looks_at_few(self, variant: ListQueryVariant) -> bool:
        """Return True if a search reads the few leads that it looks at before it looks at them."""
        return variant.checks_search and (variant.merges_states or not self._full_text.has_order)

    def _plan(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant to use for a page or a count of the filter."""
        if variant.last_touch:
            name = variant.last_touch[0]
            enquiries = LeadFilter(touch={name: lead_filter.last_touch[name]}, duplicates=Duplicates.INCLUDE)
            variant = evolve(variant, finds_enquiries=self._has_at_most(_FEW_ENQUIRIES, enquiries))
        if variant.has_update_range and variant.sort.key != Sort.UPDATED_AT:
            start, end = lead_filter.updated_from, lead_filter.updated_to
            updated = LeadFilter(updated_from=start, updated_to=end, duplicates=Duplicates.OPEN)
            variant = evolve(variant, finds_updated=self._has_at_most(_FEW_TO_SORT, updated))
        is_by_creation = variant.sort.key == Sort.CREATED_AT
        if variant.has_search:
            checks_search = self._checks_search(variant, lead_filter)
            has_no_index = variant.is_unowned or self._full_text.has_order
            walks_all = has_no_index and not is_by_creation and not checks_search
            return evolve(variant, checks_search=checks_search, walks_all=walks_all)
        has_index = variant.has_owner or variant.has_email or variant.has_primary
        is_narrowed = variant.is_unowned or variant.states or variant.has_source
        if not is_narrowed or has_index or is_by_creation:
            return variant
        parts = _indexed_parts(lead_filter)
        return evolve(variant, walks_all=not any(self._has_at_most(_FEW_TO_SORT, part) for part in parts))

    def _checks_search(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if the search has to look at few leads only, those that match the other conditions."""
        if variant.has_email:
            return True
        if any(self._has_at_most(_FEW_TO_SEARCH, part) for part in _indexed_parts(lead_filter)):
            return True
        has_order = self._full_text.has_order and variant.has_owner and variant.sort.key != Sort.CREATED_AT
        values = page_values(lead_filter, None, 1, self._full_text)
        return has_order and self._matches(_FEW_TO_SORT, values) > _FEW_TO_SORT

    def _has_at_most(self, most: int, lead_filter: LeadFilter) -> bool:
        return self.count(lead_filter, most + 1, Sort.LATEST_CREATED) <= most


def _indexed_parts(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts of a filter that an index can count alone; the leads of each are at least as many."""
    states = lead_filter.states if len(lead_filter.states) == 1 else frozenset()
    is_owned = lead_filter.owner is not None or lead_filter.is_unowned
    everything = LeadFilter(duplicates=Duplicates.INCLUDE)
    if is_owned:
        owned = evolve(everything, owner=lead_filter.owner, is_unowned=lead_filter.is_unowned)
        yield evolve(owned, states=states, is_waiting=lead_filter.is_waiting)
        if lead_filter.owner is not None and lead_filter.source is not None:
            yield evolve(owned, source=lead_filter.source)
    for name, text in lead_filter.touch.items():
        yield evolve(everything, touch={name: text})
    if lead_filter.is_on_hold:
        yield evolve(everything, is_on_hold=True)
    if lead_filter.duplicates in {Duplicates.OPEN, Duplicates.EXCLUDE}:
        listed = LeadFilter(duplicates=Duplicates.OPEN)
        if lead_filter.source is not None:
            yield evolve(listed, source=lead_filter.source)
        if states and not is_owned:
            yield evolve(listed, states=states)
        if lead_filter.follow_up is not None:
            yield evolve(listed, follow_up=lead_filter.follow_up)
    if lead_filter.is_waiting and not is_owned:
        yield evolve(everything, is_waiting=True)


def _few_matches(plans: Sequence[SearchPlan]) -> int:
    """Return the greatest number of matches that still decides about a plan; 0 if none does."""
    return max((plan.most_matches or 0 for plan in plans), default=0)


def _rows_by_plans(
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
    share = 1.0
    for plan in plans:
        if plan.is_promised and share * (plan.most_read or 0) < limit:
            continue
        if plan.most_matches is not None:
            matches = count(_few_matches(plans)) if matches is None else matches
            if matches == 0:
                return []
            if matches > plan.most_matches:
                continue
        rows = read(plan)
        if plan.is_complete or len(rows) >= limit:
            break
        if plan.most_read is not None:
            share = len(rows) / plan.most_read
    return rows
