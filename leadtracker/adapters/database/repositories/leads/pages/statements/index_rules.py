"""Rules that follow from the indexes of leads (``tables.lead_indexes``), each with its reason.

A page is fast if an index has its leads in its order. Where a planner without statistics would have to choose
the right one, or no index has all leads of a list, one of these rules decides. "Measured" names rows of the
tables in docs/explanation/performance.md, "Owners and orders among a million leads", unless it names a
decision. The tests of query plans show which indexes are used.
"""

from collections.abc import Callable

from attrs import evolve

from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListConditions,
    ListQueryVariant,
)
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort

ALMOST_NONE, FEW, MOST = 0.0001, 0.05, 0.95
"""Shares of leads that satisfy a condition, as hints for SQLite, which keeps no statistics."""


def merges_indexes(variant: ListQueryVariant) -> bool:
    """Return True if no index has all leads of the list in its order, but several have a part each."""
    return merges_states(variant) or merges_answered_duplicates(variant)


def merges_states(variant: ListQueryVariant) -> bool:
    """Return True if the page merges those of each state: of unowned leads, or of an owner's in several.

    The index of unowned leads begins with the state. A further one without it would serve this list only, and
    each new lead without an owner would be written into it: migration 2 has dropped that index. The leads of
    an owner have one, in which those of other states would have to be read and left out. In another order
    than that of creation all leads of the states are sorted, so that ``AccessPath.walks_all`` avoids it for
    many. Measured: lists of no owner, 486 leads without an owner, two states of an owner.
    """
    conditions, few = variant.conditions, variant.path.few
    if few is not None:
        return few.is_unowned and not (few.has_one_state or few.has_follow_up_to)
    if variant.path.walks_all or conditions.has_one_state or _has_narrower_index(variant):
        return False
    return conditions.is_unowned or (
        conditions.has_owner and conditions.states > 1 and variant.order.is_by_creation
    )


def _has_narrower_index(variant: ListQueryVariant) -> bool:
    """Return True if an index over another condition finds fewer leads than that of an owner's states."""
    conditions = variant.conditions
    return (
        conditions.has_email
        or conditions.has_source
        or bool(conditions.touch)
        or variant.path.enquiries_first
        or conditions.has_primary
        or conditions.is_on_hold
        or conditions.duplicates is Duplicates.ONLY
        or (conditions.has_follow_up_to and variant.order.sort is Sort.FOLLOW_UP_AT)
    )


def merges_answered_duplicates(variant: ListQueryVariant) -> bool:
    """Return True if the page merges an index of listed leads with that of answered duplicates.

    The indexes over states, sources, updates and follow-ups lack answered duplicates, so that these do not
    make lists of open leads longer, and a new lead is not written into those that have them. A list of all
    leads by one of these needs both, unless its leads come from an index over another condition, which has
    them all. Measured: all leads with answered repeat enquiries, no owner and a source that no lead has.
    """
    conditions, path = variant.conditions, variant.path
    if conditions.duplicates is not Duplicates.INCLUDE or merges_states(variant):
        return False
    if conditions.has_email or conditions.has_primary or conditions.is_waiting:
        return False
    if path.few is not None:
        return _is_of_listed_index(path.few)
    return not (conditions.has_owner or path.leads_first) and _is_in_order_of_listed_index(variant)


def _is_in_order_of_listed_index(variant: ListQueryVariant) -> bool:
    """Return True if the index in the order of a page, of all owners or unowned, has listed leads only."""
    conditions, path = variant.conditions, variant.path
    if not variant.order.is_by_creation:
        return True
    if conditions.touch or conditions.is_on_hold or path.enquiries_first:
        return False
    return conditions.has_source or (conditions.has_one_state and not conditions.is_unowned)


def _is_of_listed_index(few: ListConditions) -> bool:
    """Return True if the index over these conditions has listed leads only."""
    if few.has_owner or few.is_unowned or few.touch or few.is_on_hold:
        return False
    return few.has_source or few.has_one_state or few.has_follow_up_to or few.has_update_range


def sorts_few(variant: ListQueryVariant) -> bool:
    """Return True if the few leads that an index finds are not in its order, and are sorted."""
    few, sort = variant.path.few, variant.order.sort
    if few is None:
        return False
    if few.has_follow_up_to:
        return sort is not Sort.FOLLOW_UP_AT
    return sort.key != Sort.UPDATED_AT if few.has_update_range else not variant.order.is_by_creation


def in_order_of_follow_ups(variant: ListQueryVariant) -> ListConditions | None:
    """Return the conditions of the index of unowned leads in the order of follow-ups if it has a whole list.

    It is better than that of their states then, however many leads it finds. Measured: no owner, overdue.
    """
    conditions = variant.conditions
    if not (conditions.is_unowned and conditions.has_follow_up_to) or conditions.has_search:
        return None
    return evolve(ListConditions.of(LeadFilter()), is_unowned=True, has_follow_up_to=True)


def reads_ids_first(variant: ListQueryVariant) -> bool:
    """Return True if a page sorts or merges many leads, so that it has to read little of each."""
    return merges_indexes(variant) or sorts_few(variant) or sorts_duplicates(variant)


def sorts_duplicates(variant: ListQueryVariant) -> bool:
    """Return True if a page sorts all duplicates, whose index has what it needs of each."""
    return variant.conditions.duplicates is Duplicates.ONLY and variant.path.walks_all


def reads_whole_index(variant: ListQueryVariant) -> bool:
    """Return True if all leads of a partial index are read and sorted: those on hold, or duplicates."""
    few = variant.path.few
    return (few is not None and few.is_on_hold) or sorts_duplicates(variant)


def reads_one_state(variant: ListQueryVariant) -> bool:
    """Return True if the page reads the leads of an owner, or those without one, in one state.

    Then the condition has the form that the index over owners and states needs. A search that finds its
    matches first looks up their leads by id.
    """
    conditions, path = variant.conditions, variant.path
    is_of_owner = conditions.has_owner or conditions.is_unowned
    searches_first = conditions.has_search and not path.leads_first
    is_hidden = searches_first or hides_state(variant)
    return conditions.states == 1 and is_of_owner and not is_hidden


def share_in_state(variant: ListQueryVariant) -> float:
    """Return the share of an owner's leads in a state, as a hint to SQLite.

    With the low one it prefers the index over owners and states, which has the order of creation, to that
    over owners; with the high one the index in the order of the page to sorting. Measured: decision 22, "the
    same owner and state, last updated first".
    """
    return FEW if variant.order.is_by_creation or variant.path.few else MOST


def hides_creation(variant: ListQueryVariant) -> bool:
    """Return True if a range of creation is hidden: another order has its own index, with the creation."""
    in_other_order = not variant.order.is_by_creation
    return _is_hidden(variant, lambda few: few.has_creation_range, unless_few=in_other_order)


def hides_source(variant: ListQueryVariant) -> bool:
    """Return True if the source is hidden: the page is read in the order of another index, or merged."""
    in_other_index = variant.path.walks_all or merges_states(variant)
    return _is_hidden(variant, lambda few: few.has_source, unless_few=in_other_index)


def hides_touch(variant: ListQueryVariant, name: str) -> bool:
    """Return True if a field of the touch is hidden."""
    return _is_hidden(variant, lambda few: name in few.touch, unless_few=variant.path.walks_all)


def hides_owner(variant: ListQueryVariant) -> bool:
    """Return True if the owner is hidden: unowned leads have an index in the order of creation only."""
    walks_all = variant.path.walks_all and variant.conditions.is_unowned
    return _is_hidden(variant, lambda few: few.has_owner or few.is_unowned, unless_few=walks_all)


def hides_state(variant: ListQueryVariant) -> bool:
    """Return True if the state is hidden."""
    return _is_hidden(variant, lambda few: few.has_one_state, unless_few=variant.path.walks_all)


def hides_updates(variant: ListQueryVariant) -> bool:
    """Return True if a range of changes is hidden."""
    return _is_hidden(variant, lambda few: few.has_update_range)


def hides_follow_ups(variant: ListQueryVariant) -> bool:
    """Return True if a range of follow-ups is hidden."""
    return _is_hidden(variant, lambda few: few.has_follow_up_to)


def _is_hidden(
    variant: ListQueryVariant, is_of: Callable[[ListConditions], bool], *, unless_few: bool = False
) -> bool:
    """Return True if a condition is hidden from the planner, so that it does not bring its index into play.

    Args:
        variant: the list.
        is_of: returns whether the index that finds few leads has the condition.
        unless_few: true if the condition is hidden where no index finds few leads.
    """
    few = variant.path.few
    return variant.path.hides_conditions and (unless_few if few is None else not is_of(few))


def share_updated(variant: ListQueryVariant) -> float:
    """Return the share of leads that were changed in a time range, as a hint to SQLite.

    With the low one it finds these leads and sorts them; with the high one it reads leads in the order of the
    page.
    """
    few = variant.path.few
    return ALMOST_NONE if few and few.has_update_range else MOST


def share_due(variant: ListQueryVariant) -> float:
    """Return the share of leads whose follow-up is due in a time range, as ``share_updated`` does."""
    return ALMOST_NONE if reads_follow_ups(variant) else MOST


def reads_follow_ups(variant: ListQueryVariant) -> bool:
    """Return True if an index of follow-ups finds the leads, in the order of the page or to be sorted."""
    few = variant.path.few
    return variant.order.sort is Sort.FOLLOW_UP_AT if few is None else few.has_follow_up_to


def for_count(variant: ListQueryVariant) -> ListQueryVariant:
    """Return the variant in the order of an index over its conditions, since a count needs no order."""
    conditions, few = variant.conditions, variant.path.few or variant.conditions
    # Leads are compared with a search first to find a page in an order that the search does not have.
    leads_first = variant.path.leads_first and (variant.path.few is not None or conditions.has_email)
    path = evolve(variant.path, walks_all=False, leads_first=leads_first)
    if few.has_follow_up_to:
        path = evolve(path, few=path.few or in_order_of_follow_ups(variant))
        return evolve(variant, order=PageOrder(Sort.FOLLOW_UP_AT), path=path)
    if few.has_update_range:
        walks_all = variant.path.few is None and conditions.is_unowned
        return evolve(variant, order=PageOrder(Sort.LATEST_UPDATED), path=evolve(path, walks_all=walks_all))
    has_index_by_creation = (
        variant.path.few is not None
        or conditions.has_owner
        or conditions.is_unowned
        or conditions.has_source
        or bool(conditions.touch)
        or conditions.has_one_state
        or conditions.has_creation_range
    )
    if has_index_by_creation or merges_answered_duplicates(variant):
        return evolve(variant, order=PageOrder(Sort.LATEST_CREATED), path=path)
    return evolve(variant, path=evolve(variant.path, leads_first=leads_first))
