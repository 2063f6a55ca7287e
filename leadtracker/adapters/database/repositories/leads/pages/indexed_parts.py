"""The parts of a filter that an index can count alone, of which the smallest may be read first."""

from collections.abc import Iterator

from attrs import evolve

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort


def indexed_parts(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts of a filter that an index can count; each has all leads of the filter."""
    owned = evolve(_created_like(lead_filter), owner=lead_filter.owner, is_unowned=lead_filter.is_unowned)
    if _has_owner(lead_filter):
        yield evolve(owned, states=_one_state(lead_filter), is_waiting=lead_filter.is_waiting)
    yield from _narrowed(lead_filter)


def parts_to_sort(lead_filter: LeadFilter, sort: Sort) -> Iterator[LeadFilter]:
    """Yield the parts whose leads can be sorted for a page, unless its order has an index with no more leads.

    A part that is the whole filter, in the order of its index, needs no sorting.
    """
    for part in indexed_parts(lead_filter):
        if not _needs_no_sorting(part, lead_filter, sort):
            yield part


def _needs_no_sorting(part: LeadFilter, lead_filter: LeadFilter, sort: Sort) -> bool:
    """Return True if an index in the order of the page finds the leads of a part, and no others."""
    if sort.key == Sort.CREATED_AT and part.follow_up is None and not _has_update_range(part):
        return part == evolve(lead_filter, duplicates=Duplicates.INCLUDE)
    # In every order there is an index of an owner's leads.
    return part == LeadFilter(owner=part.owner, duplicates=Duplicates.INCLUDE)


def _narrowed(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts by other conditions than the owner alone."""
    created = _created_like(lead_filter)
    if lead_filter.source is not None:
        yield evolve(created, source=lead_filter.source, owner=lead_filter.owner)
    for name, text in lead_filter.touch.items():
        yield evolve(created, touch={name: text})
    if lead_filter.is_on_hold:
        yield evolve(created, is_on_hold=True)
    if not _has_owner(lead_filter) and (_one_state(lead_filter) or lead_filter.is_waiting):
        yield evolve(created, states=_one_state(lead_filter), is_waiting=lead_filter.is_waiting)
    yield from _in_other_orders(lead_filter)


def _in_other_orders(lead_filter: LeadFilter) -> Iterator[LeadFilter]:
    """Yield the parts by time ranges of changes, follow-ups and the creation."""
    everything = LeadFilter(duplicates=Duplicates.INCLUDE, owner=lead_filter.owner)
    if lead_filter.follow_up is not None and lead_filter.follow_up.end is not None:
        yield evolve(everything, follow_up=lead_filter.follow_up, is_unowned=lead_filter.is_unowned)
    if _has_update_range(lead_filter):
        yield evolve(everything, updated_from=lead_filter.updated_from, updated_to=lead_filter.updated_to)
    created = _created_like(lead_filter)
    if not _has_owner(lead_filter) and created != LeadFilter(duplicates=Duplicates.INCLUDE):
        yield created


def _created_like(lead_filter: LeadFilter) -> LeadFilter:
    """Return a filter for leads that were created in the same time range."""
    return LeadFilter(
        created_from=lead_filter.created_from,
        created_to=lead_filter.created_to,
        duplicates=Duplicates.INCLUDE,
    )


def _has_owner(lead_filter: LeadFilter) -> bool:
    """Return True for the leads of an owner, and for those without one."""
    return lead_filter.owner is not None or lead_filter.is_unowned


def has_range(part: LeadFilter) -> bool:
    """Return True for the leads of a time range."""
    is_due = part.follow_up is not None
    return is_due or _has_update_range(part) or part.created_from is not None or part.created_to is not None


def _has_update_range(lead_filter: LeadFilter) -> bool:
    return lead_filter.updated_from is not None or lead_filter.updated_to is not None


def _one_state(lead_filter: LeadFilter) -> frozenset[LeadState]:
    """The state of a filter if it has one; none if it has several."""
    return lead_filter.states if len(lead_filter.states) == 1 else frozenset()
