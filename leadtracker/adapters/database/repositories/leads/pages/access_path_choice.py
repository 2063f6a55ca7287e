"""The choice of an access path: how the leads of a list are found, by numbers that no planner knows.

The numbers of leads that have an owner, a state, a source and the like are counted up to some thousands,
which takes a few milliseconds; a wrong choice takes seconds. docs/explanation/performance.md and decisions 8
and 22 have the measurements.
"""

from collections.abc import Iterator

from attrs import evolve, frozen

from leadtracker.adapters.database.repositories.leads.pages.lead_counts import LeadCounts
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import for_count
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    AccessPath,
    ListQueryVariant,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.parameter_values import (
    parameter_values,
)
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort

FEW_TO_SEARCH = 2_000
"""The maximum number of leads that are compared with a search one by one before it looks for its matches."""

MANY_TO_SEARCH = 10_000
"""The same if all leads that a search finds are read, instead of one page of them."""

_FEW_TO_SORT = 4_000
"""The maximum number of leads, or matches of a search, that are sorted for a page."""
_FEW_ENQUIRIES = 8_000
"""The maximum number of enquiries that are looked up for their last touch."""


@frozen
class AccessPathChoice:
    """Chooses the access path of a page, or of a count with a search or a last touch."""

    _counts: LeadCounts
    _full_text: FullText

    def with_path(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant with its access path."""
        enquiries_first = self._reads_enquiries_first(variant, lead_filter)
        updated_first = self._reads_updated_first(variant, lead_filter)
        leads_first = self._reads_leads_first(variant, lead_filter)
        walks_all = not leads_first and self._walks_all(variant, lead_filter)
        if not (enquiries_first or updated_first or leads_first or walks_all):
            return variant
        return evolve(variant, path=AccessPath(leads_first, walks_all, enquiries_first, updated_first))

    def for_all(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> ListQueryVariant:
        """Return the variant with the access path to all leads of a list, in any order."""
        variant = self.with_path(variant, lead_filter)
        if not variant.conditions.has_search:
            return for_count(variant)
        if variant.path.leads_first or not self._has_few(MANY_TO_SEARCH, lead_filter):
            return variant
        values = parameter_values(lead_filter, None, 1, self._full_text)
        leads_first = self._counts.matches(MANY_TO_SEARCH, values) > MANY_TO_SEARCH
        return evolve(variant, path=evolve(variant.path, leads_first=leads_first))

    def _reads_enquiries_first(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if few enquiries have the first text of the last touch."""
        if not variant.conditions.last_touch:
            return False
        name = variant.conditions.last_touch[0]
        touch = {name: lead_filter.last_touch[name]}
        return self._counts.has_at_most(
            _FEW_ENQUIRIES, LeadFilter(touch=touch, duplicates=Duplicates.INCLUDE)
        )

    def _reads_updated_first(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if few listed leads were changed in the time range, in another order than that."""
        if not variant.conditions.has_update_range or variant.order.sort.key == Sort.UPDATED_AT:
            return False
        start, end = lead_filter.updated_from, lead_filter.updated_to
        updated = LeadFilter(updated_from=start, updated_to=end, duplicates=Duplicates.OPEN)
        return self._counts.has_at_most(_FEW_TO_SORT, updated)

    def _reads_leads_first(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if a search reads the leads that match the other conditions before it looks for words.

        They are few; or they are an owner's in an order that SQLite's index of words does not have, and the
        matches of the search are too many to be sorted.
        """
        if not variant.conditions.has_search:
            return False
        if variant.conditions.has_email or self._has_few(FEW_TO_SEARCH, lead_filter):
            return True
        if not (self._full_text.has_order and variant.conditions.has_owner) or variant.order.is_by_creation:
            return False
        values = parameter_values(lead_filter, None, 1, self._full_text)
        return self._counts.matches(_FEW_TO_SORT, values) > _FEW_TO_SORT

    def _walks_all(self, variant: ListQueryVariant, lead_filter: LeadFilter) -> bool:
        """Return True if many leads match, but no index has these leads in the order of the page."""
        conditions = variant.conditions
        if variant.order.is_by_creation:
            return False
        if conditions.has_search:
            # SQLite's index of words and the index of unowned leads have the order of creation only.
            return conditions.is_unowned or self._full_text.has_order
        has_order = conditions.has_owner or conditions.has_email or conditions.has_primary
        is_narrowed = conditions.is_unowned or bool(conditions.states) or conditions.has_source
        return is_narrowed and not has_order and not self._has_few(_FEW_TO_SORT, lead_filter)

    def _has_few(self, most: int, lead_filter: LeadFilter) -> bool:
        """Return True if an index finds at most so many leads, to which those of the filter belong."""
        return any(self._counts.has_at_most(most, part) for part in _indexed_parts(lead_filter))


def _indexed_parts(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts of a filter that an index can count alone; each has all leads of the filter."""
    yield from _of_owner(lead_filter)
    everything = LeadFilter(duplicates=Duplicates.INCLUDE)
    for name, text in lead_filter.touch.items():
        yield evolve(everything, touch={name: text})
    if lead_filter.is_on_hold:
        yield evolve(everything, is_on_hold=True)
    yield from _of_listed(lead_filter)
    if lead_filter.is_waiting and not _has_owner(lead_filter):
        yield evolve(everything, is_waiting=True)


def _of_owner(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts that the indexes of owned and unowned leads can count."""
    if not _has_owner(lead_filter):
        return
    owned = LeadFilter(
        owner=lead_filter.owner, is_unowned=lead_filter.is_unowned, duplicates=Duplicates.INCLUDE
    )
    yield evolve(owned, states=_one_state(lead_filter), is_waiting=lead_filter.is_waiting)
    if lead_filter.owner is not None and lead_filter.source is not None:
        yield evolve(owned, source=lead_filter.source)


def _of_listed(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts that the indexes of listed leads can count."""
    if lead_filter.duplicates not in {Duplicates.OPEN, Duplicates.EXCLUDE}:
        return
    listed = LeadFilter(duplicates=Duplicates.OPEN)
    if lead_filter.source is not None:
        yield evolve(listed, source=lead_filter.source)
    if _one_state(lead_filter) and not _has_owner(lead_filter):
        yield evolve(listed, states=_one_state(lead_filter))
    if lead_filter.follow_up is not None:
        yield evolve(listed, follow_up=lead_filter.follow_up)


def _has_owner(lead_filter: LeadFilter) -> bool:
    return lead_filter.owner is not None or lead_filter.is_unowned


def _one_state(lead_filter: LeadFilter) -> frozenset[LeadState]:
    """The state of a filter if it has one; none if it has several."""
    return lead_filter.states if len(lead_filter.states) == 1 else frozenset()
