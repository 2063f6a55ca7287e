"""How the page of a list is read where the number of an owner's leads decides it, which no planner knows."""

from collections.abc import Callable

from attrs import evolve, frozen

from leadtracker.adapters.database.repositories.leads.lead_page_statements import ListQueryVariant
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort

_FEW_TO_SEARCH = 2_000
_FEW_TO_SORT = 4_000


@frozen
class PagePlanner:
    """Chooses the variant that reads the fewest leads.

    A search reads the matches of its words, or the leads of the owner. An order for which unowned leads have
    no index is made by sorting these leads, or by walking through all leads in that order.

    Attributes:
        has_at_most: returns whether so many leads match a filter, from an index alone.
        finds_at_most: returns whether the search of the page has so many matches.
    """

    _has_at_most: Callable[[int, LeadFilter], bool]
    _finds_at_most: Callable[[int], bool]

    def plan(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant to use for a page or a count of the filter."""
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
