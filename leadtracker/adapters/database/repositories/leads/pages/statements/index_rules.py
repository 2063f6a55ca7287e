"""Rules that follow from the indexes of leads (``tables.lead_indexes``), each with its reason.

A page is fast if an index has its leads in its order. Where a planner without statistics would have to choose
the right one, or no index has all leads of a list, one of these rules decides. "Measured" names rows of the
tables in docs/explanation/performance.md, "Owners and orders among a million leads", unless it names a
decision. The tests of query plans show which indexes are used.
"""

from attrs import evolve

from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListQueryVariant,
)
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort

ALMOST_NONE, FEW, MOST = 0.0001, 0.05, 0.95
"""Shares of leads that satisfy a condition, as hints for SQLite, which keeps no statistics."""


def merges_indexes(variant: ListQueryVariant) -> bool:
    """Return True if no index has all leads of the list in its order, but several have a part each."""
    return merges_states(variant) or merges_answered_duplicates(variant)


def merges_states(variant: ListQueryVariant) -> bool:
    """Return True if the page merges those of each state: unowned leads, in the order of creation.

    Their index begins with the state. A further one without it would serve this list only, and each new lead
    without an owner would be written into it: migration 2 has dropped that index. In another order than that
    of creation all leads of the states are sorted, so that ``AccessPath.walks_all`` avoids it for many.
    Measured: lists of no owner, 486 leads without an owner.
    """
    conditions = variant.conditions
    if not conditions.is_unowned or variant.path.walks_all:
        return False
    return not (conditions.has_one_state or _has_narrower_index(variant))


def _has_narrower_index(variant: ListQueryVariant) -> bool:
    """Return True if an index over another condition finds fewer unowned leads than that of their states."""
    conditions = variant.conditions
    are_listed = conditions.duplicates in {Duplicates.EXCLUDE, Duplicates.OPEN}  # as all leads of that index
    return (
        conditions.has_email
        or (conditions.has_source and are_listed)
        or bool(conditions.touch)
        or variant.path.enquiries_first
        or conditions.has_primary
        or conditions.is_on_hold
        or conditions.has_follow_up_to
    )


def merges_answered_duplicates(variant: ListQueryVariant) -> bool:
    """Return True if the page merges the index of listed leads with that of answered duplicates.

    The indexes in the order of updates and of follow-ups lack answered duplicates, so that these do not make
    lists of open leads longer. A list of all leads in one of these orders needs both, unless its leads come
    from an index over another condition, which has them all. Measured: all leads with answered repeat
    enquiries.
    """
    conditions, path = variant.conditions, variant.path
    if conditions.duplicates is not Duplicates.INCLUDE or variant.order.is_by_creation:
        return False
    has_whole_index = (
        conditions.has_owner or conditions.has_email or conditions.has_primary or conditions.is_waiting
    )
    return not (has_whole_index or path.leads_first or merges_states(variant))


def reads_one_state(variant: ListQueryVariant) -> bool:
    """Return True if the page reads the leads of an owner, or those without one, in one state.

    Then the condition has the form that the index over owners and states needs. A search that finds its
    matches first looks up their leads by id.
    """
    conditions, path = variant.conditions, variant.path
    is_of_owner = conditions.has_owner or conditions.is_unowned
    searches_first = conditions.has_search and not path.leads_first
    return conditions.states == 1 and is_of_owner and not (searches_first or path.walks_all)


def share_in_state(variant: ListQueryVariant) -> float:
    """Return the share of an owner's leads in a state, as a hint to SQLite.

    With the low one it prefers the index over owners and states, which has the order of creation, to that
    over owners; with the high one the index in the order of the page to sorting. Measured: decision 22, "the
    same owner and state, last updated first".
    """
    return FEW if variant.order.is_by_creation else MOST


def ignores_source_index(variant: ListQueryVariant) -> bool:
    """Return True if the condition on the source must not bring its index into play.

    The page is read in the order of another index, or merged from several.
    """
    return variant.path.walks_all or merges_states(variant)


def share_updated(variant: ListQueryVariant) -> float:
    """Return the share of leads that were changed in a time range, as a hint to SQLite.

    With the low one it finds these leads and sorts them; with the high one it reads leads in the order of the
    page.
    """
    return ALMOST_NONE if variant.path.updated_first else MOST


def for_count(variant: ListQueryVariant) -> ListQueryVariant:
    """Return the variant in the order of an index over its conditions, since a count needs no order."""
    conditions = variant.conditions
    if conditions.has_follow_up_to:
        return evolve(variant, order=PageOrder(Sort.FOLLOW_UP_AT))
    path = evolve(variant.path, walks_all=False)
    if conditions.has_update_range:
        return evolve(variant, order=PageOrder(Sort.LATEST_UPDATED), path=path)
    has_index_by_creation = (
        conditions.has_owner
        or conditions.is_unowned
        or conditions.has_source
        or bool(conditions.touch)
        or conditions.has_one_state
    )
    if has_index_by_creation or merges_answered_duplicates(variant):
        return evolve(variant, order=PageOrder(Sort.LATEST_CREATED), path=path)
    return variant
