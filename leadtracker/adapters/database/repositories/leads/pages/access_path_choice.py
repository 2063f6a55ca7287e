"""The choice of an access path: how the leads of a list are found, by numbers that no planner knows.

The numbers of leads that have an owner, a state, a source and the like are counted up to some thousands,
which takes a few milliseconds; a wrong choice takes seconds. docs/explanation/performance.md and decisions 8
and 22 have the measurements.
"""

import sys
from collections.abc import Callable, Iterable

from attrs import evolve, frozen

from leadtracker.adapters.database.repositories.leads.pages.indexed_parts import (
    has_range,
    indexed_parts,
    parts_to_sort,
)
from leadtracker.adapters.database.repositories.leads.pages.lead_counts import LeadCounts
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import (
    for_count,
    in_order_of_follow_ups,
    sorts_few,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    AccessPath,
    ListConditions,
    ListQueryVariant,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.parameter_values import (
    parameter_values,
)
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort

_FEW_TO_SEARCH = 2_000
"""The maximum number of leads that are compared with a search one by one before it looks for its matches."""

MANY_TO_SEARCH = 10_000
"""The same if it has many matches, or if all leads that it finds are read, instead of one page of them."""

_MANY_MATCHES = 50_000
"""A search has many matches from here on: to look up the leads of these takes nearly as long as to compare
``MANY_TO_SEARCH`` leads."""

_FEW_TO_SORT = 6_000
"""The maximum number of leads that are sorted for a page.

Sorting more takes longer than to read leads in the order of the page until 50 of so many are found.
"""

_FEW_IN_RANGE_TO_SORT = 15_000
"""The same for leads of a time range: in the order of another time they may come after all others."""

_FEW_MATCHES_TO_SORT = 15_000
"""The maximum number of matches of a search that are sorted for a page of an owner."""

_FEW_ENQUIRIES = 8_000
"""The maximum number of enquiries that are looked up for their last touch."""


@frozen
class AccessPathChoice:
    """Chooses the access path of a page, or of a count with a search or a last touch."""

    _counts: LeadCounts
    _full_text: FullText
    _hides_conditions: bool

    def with_path(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant with its access path."""
        conditions = variant.conditions
        if conditions.has_search:
            return self._with_path_of_search(variant, lead_filter)
        if self._reads_enquiries_first(variant, lead_filter):
            return evolve(variant, path=AccessPath(enquiries_first=True))
        if conditions.has_email or conditions.has_primary:
            return variant
        parts = parts_to_sort(lead_filter, variant.order.sort)
        few = self._few(lambda part: _FEW_IN_RANGE_TO_SORT if has_range(part) else _FEW_TO_SORT, parts)
        if few is None and variant.order.sort is Sort.FOLLOW_UP_AT:
            few = in_order_of_follow_ups(variant)
        if few is not None:
            path = AccessPath(few=few, hides_conditions=self._hides_conditions)
            return _sorting_few(evolve(variant, path=path))
        is_narrowed = conditions.is_unowned or conditions.has_source or bool(conditions.touch)
        has_state = bool(conditions.states) or conditions.is_waiting
        walks_all = not variant.order.is_by_creation and (is_narrowed or has_state)
        path = AccessPath(walks_all=walks_all, hides_conditions=self._hides_conditions)
        return evolve(variant, path=path)

    def _with_path_of_search(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        enquiries_first = self._reads_enquiries_first(variant, lead_filter)
        parts = () if variant.conditions.has_email else tuple(indexed_parts(lead_filter))
        limit = self._most_to_compare(lead_filter) if parts else 0
        few = self._few(lambda _: limit, parts)
        leads_first = (
            few is not None or variant.conditions.has_email or self._has_many_matches(variant, lead_filter)
        )
        # SQLite's index of words and the index of unowned leads have the order of creation only.
        has_no_order = variant.conditions.is_unowned or self._full_text.has_order
        walks_all = not leads_first and not variant.order.is_by_creation and has_no_order
        path = AccessPath(leads_first, walks_all, enquiries_first, few, self._hides_conditions)
        return _sorting_few(evolve(variant, path=path))

    def for_all(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant with the access path to all leads of a list, in any order."""
        variant = self.with_path(variant, lead_filter)
        if not variant.conditions.has_search:
            return for_count(variant)
        if variant.path.leads_first:
            return variant
        few = self._few(lambda _: MANY_TO_SEARCH, indexed_parts(lead_filter))
        if few is None:
            return variant
        if not self._has_more_matches(MANY_TO_SEARCH, lead_filter):
            return variant
        return _sorting_few(evolve(variant, path=evolve(variant.path, leads_first=True, few=few)))

    def _reads_enquiries_first(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if few enquiries have the first text of the last touch."""
        if not variant.conditions.last_touch:
            return False
        name = variant.conditions.last_touch[0]
        touch = {name: lead_filter.last_touch[name]}
        return self._counts.has_at_most(
            _FEW_ENQUIRIES, LeadFilter(touch=touch, duplicates=Duplicates.INCLUDE)
        )

    def _most_to_compare(self, lead_filter: LeadFilter) -> int:
        """Return how many leads are compared with a search for a page before it looks for its matches."""
        if not self._full_text.has_order:  # counting matches reads all of them
            return _FEW_TO_SEARCH
        return MANY_TO_SEARCH if self._has_more_matches(_MANY_MATCHES, lead_filter) else _FEW_TO_SEARCH

    def _has_more_matches(self, limit: int, lead_filter: LeadFilter) -> bool:
        values = parameter_values(lead_filter, None, 1, self._full_text)
        return self._counts.matches(limit, values) > limit

    def _has_many_matches(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if too many matches to be sorted belong to an owner in an order by another time.

        SQLite's index of words does not have that order, but the owner's leads have an index in it.
        """
        if not (self._full_text.has_order and variant.conditions.has_owner) or variant.order.is_by_creation:
            return False
        return self._has_more_matches(_FEW_MATCHES_TO_SORT, lead_filter)

    def _few(
        self, limit_of: Callable[[LeadFilter], int], parts: Iterable[LeadFilter]
    ) -> ListConditions | None:
        """Return the conditions of the part of a filter that the fewest leads match, if they are few."""
        found, fewest = None, sys.maxsize
        for part in parts:
            limit = min(limit_of(part), fewest - 1)
            number = self._counts.number(limit, part)
            if number <= limit:
                found, fewest = ListConditions.of(part), number
            if not fewest:
                break
        return found


def _sorting_few(variant: ListQueryVariant) -> ListQueryVariant:
    """Return the variant without an index in the order of the page if few leads are sorted."""
    return evolve(variant, order=evolve(variant.order, has_index=not sorts_few(variant)))
