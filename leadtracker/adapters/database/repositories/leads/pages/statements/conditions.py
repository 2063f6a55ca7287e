"""The conditions of a list in SQL, in words that make planners use the right index."""

from collections.abc import Iterator

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Likelihood
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.repositories.leads.lead_statements import has_enquiry_with, has_last_touch
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import (
    FEW,
    MOST,
    hides_creation,
    hides_follow_ups,
    hides_owner,
    hides_source,
    hides_state,
    hides_touch,
    hides_updates,
    merges_answered_duplicates,
    merges_states,
    reads_follow_ups,
    reads_one_state,
    reads_whole_index,
    share_due,
    share_in_state,
    share_updated,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListQueryVariant,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.lead_indexes import (
    HAS_FOLLOW_UP,
    IS_ANSWERED_DUPLICATE,
    IS_LISTED,
)
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort


def conditions_of(variant: ListQueryVariant, likelihood: Likelihood) -> Iterator[peewee.Node]:
    """Yield the conditions of a list, except for the search and the cursor.

    Args:
        variant: the shape of the statement.
        likelihood: gives a planner without statistics the share of leads that satisfy a condition.
    """
    conditions = variant.conditions
    created_at = _time(LeadRow.created_at, is_hidden=hides_creation(variant))
    if conditions.has_created_from:
        yield created_at >= param("created_from")
    if conditions.has_created_to:
        yield created_at < param("created_to")
    yield from _updated(variant, likelihood)
    if conditions.has_email:
        yield _has_email(conditions.duplicates)
    if conditions.has_source:
        yield _text(LeadRow.source, is_hidden=hides_source(variant)) == param("source")
    yield from _touch(variant)
    yield from _owner(variant)
    if conditions.has_primary:
        yield LeadRow.duplicate_of == param("duplicate_of")
    yield from _follow_up(variant, likelihood)
    yield from _state(variant, likelihood)
    if conditions.is_on_hold:
        yield LeadRow.hold.is_null(is_null=False)
    if reads_whole_index(variant):
        yield LeadRow.created_at >= param("earliest")  # SQLite uses an index only for its first column
    yield from _duplicates(variant)


def conditions_of_parts(variant: ListQueryVariant, likelihood: Likelihood) -> list[list[peewee.Node]]:
    """Return the further conditions of each part of a list, of which an index has all leads in its order."""
    if merges_states(variant):
        states = range(variant.conditions.states or len(LeadState))
        return [[_is_in_state(index, likelihood, FEW)] for index in states]
    if merges_answered_duplicates(variant):
        return [[IS_LISTED], [IS_ANSWERED_DUPLICATE]]
    return [[]]


def _updated(variant: ListQueryVariant, likelihood: Likelihood) -> Iterator[peewee.Node]:
    updated_at = _time(LeadRow.updated_at, is_hidden=hides_updates(variant))
    is_filter_only = variant.order.sort.key != Sort.UPDATED_AT
    if variant.conditions.has_updated_from:
        is_from = updated_at >= param("updated_from")
        yield likelihood(is_from, share_updated(variant)) if is_filter_only else is_from
    if variant.conditions.has_updated_to:
        is_to = updated_at < param("updated_to")
        yield likelihood(is_to, share_updated(variant)) if is_filter_only else is_to


def _touch(variant: ListQueryVariant) -> Iterator[peewee.Node]:
    for name in variant.conditions.touch:
        yield _text(getattr(LeadRow, name), is_hidden=hides_touch(variant, name)) == param(name)
    for name in variant.conditions.last_touch:
        yield has_last_touch(name)
    if variant.path.enquiries_first:
        yield has_enquiry_with(variant.conditions.last_touch[0])


def _owner(variant: ListQueryVariant) -> Iterator[peewee.Node]:
    is_hidden = hides_owner(variant)
    if variant.conditions.has_owner:
        yield _text(LeadRow.owner, is_hidden=is_hidden) == param("owner")
    if variant.conditions.is_unowned:
        yield _without_index(LeadRow.owner) == "" if is_hidden else LeadRow.owner.is_null()
        if variant.conditions.has_follow_up_to and reads_follow_ups(variant) and not is_hidden:
            yield HAS_FOLLOW_UP


def _follow_up(variant: ListQueryVariant, likelihood: Likelihood) -> Iterator[peewee.Node]:
    follow_up_at = _time(LeadRow.follow_up_at, is_hidden=hides_follow_ups(variant))
    if variant.conditions.has_follow_up_from:
        is_from = follow_up_at >= param("follow_up_from")
        # Most leads have no follow-up, which sorts last. A list of an owner in another order must not be
        # sorted for the sake of this condition.
        is_filter_only = variant.conditions.has_owner and variant.order.sort is not Sort.FOLLOW_UP_AT
        yield likelihood(is_from, MOST) if is_filter_only else is_from
    if variant.conditions.has_follow_up_to:
        yield likelihood(follow_up_at < param("follow_up_to"), share_due(variant))


def _state(variant: ListQueryVariant, likelihood: Likelihood) -> Iterator[peewee.Node]:
    number = variant.conditions.states
    if reads_one_state(variant):
        yield _is_in_state(0, likelihood, share_in_state(variant))
    elif number:
        state = _text(LeadRow.state, is_hidden=hides_state(variant))
        yield state.in_([param(f"state_{index}") for index in range(number)])
    if variant.conditions.is_waiting:
        # A literal, so that a planner sees that the partial indexes of listed leads have all rows.
        is_hidden = hides_state(variant)
        yield _text(LeadRow.state, is_hidden=is_hidden) == peewee.SQL("'PENDING'")
        if is_hidden:
            yield IS_LISTED


def _is_in_state(index: int, likelihood: Likelihood, share: float) -> peewee.Node:
    return likelihood(LeadRow.state == param(f"state_{index}"), share)


def _duplicates(variant: ListQueryVariant) -> Iterator[peewee.Node]:
    duplicates = variant.conditions.duplicates
    if duplicates is Duplicates.OPEN and not variant.conditions.has_email:
        yield IS_LISTED
    if duplicates is Duplicates.EXCLUDE:
        yield LeadRow.duplicate_of.is_null()
    if duplicates is Duplicates.ONLY:
        yield LeadRow.duplicate_of.is_null(is_null=False)


def _has_email(duplicates: Duplicates) -> peewee.Node:
    has_email = LeadRow.identity == param("email_key")
    if duplicates in {Duplicates.EXCLUDE, Duplicates.ONLY}:
        return has_email
    # Each side matches one of the two partial indexes over addresses.
    is_primary, is_duplicate = LeadRow.duplicate_of.is_null(), LeadRow.duplicate_of.is_null(is_null=False)
    either: peewee.Node = (has_email & is_primary) | (has_email & is_duplicate)
    if duplicates is Duplicates.OPEN:
        # IS_LISTED, in words that make SQLite look into no index over states.
        either &= ~(is_duplicate & (LeadRow.state != LeadState.PENDING.value))
    return either


def _text(column: peewee.Field, *, is_hidden: bool) -> peewee.ColumnBase:
    """A text column; hidden from the planner if it must not use an index over it."""
    return _without_index(column) if is_hidden else column


def _time(column: peewee.Field, *, is_hidden: bool) -> peewee.ColumnBase:
    """A time, hidden as ``_text`` does."""
    return peewee.fn.COALESCE(column, column) if is_hidden else column


def _without_index(column: peewee.Field) -> peewee.Function:
    """A text column in words that no index has, so that the planner uses the one in the order of the list."""
    return peewee.fn.COALESCE(column, "")
