"""The statements about deliveries and their attempts."""

from typing import Any

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import RowLock
from leadtracker.adapters.database.tables import DeliveryAttemptRow, DeliveryRow, LeadRow, UserRow, is_of
from leadtracker.adapters.database.tables.deliveries import IS_SILENCE_ALERT, IS_WEEKLY_REPORT
from leadtracker.domain.model.deliveries.delivery import (
    OPEN_STATES,
    Channel,
    DeliveryKind,
    DeliveryState,
)

COLUMNS = tuple(DeliveryRow._meta.sorted_fields)
_ATTEMPT = tuple(DeliveryAttemptRow._meta.sorted_fields)
_CHANGING = ("state", "due_at", "epoch", "leased_until")


def insert() -> peewee.Node:
    """Insert a delivery."""
    return DeliveryRow.insert({column: param(column.column_name) for column in COLUMNS})


def _reachable_owner(*columns: peewee.Node) -> Select:
    """The owner of the delivery's lead, if that user is enabled and has an address."""
    is_owner = (LeadRow.owner == UserRow.name) & UserRow.disabled_at.is_null()
    query: Select = LeadRow.select(*columns).join(UserRow, on=is_owner)
    return query.where(LeadRow.id == param("lead_id"), UserRow.email_key.is_null(is_null=False))


def insert_for_owner_or_recipient() -> peewee.Node:
    """Insert a notification to the owner of its lead; to the recipient given, if no owner can be reached."""
    row = DeliveryRow
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in COLUMNS}
    for column, owners in ((row.recipient, UserRow.email), (row.recipient_key, UserRow.email_key)):
        values[column] = peewee.fn.COALESCE(_reachable_owner(owners), values[column])
    return row.insert(values)


def insert_for_owner() -> peewee.Node:
    """Insert a notification to the owner of its lead; changes no row if no owner can be reached."""
    row = DeliveryRow
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in COLUMNS}
    values |= {row.recipient: UserRow.email, row.recipient_key: UserRow.email_key}
    return row.insert_from(_reachable_owner(*values.values()), list(values))


def insert_unless_owned() -> peewee.Node:
    """Insert a notification; changes no row if the owner of its lead can be reached."""
    values = {column: param(column.column_name) for column in COLUMNS}
    is_owned = peewee.fn.EXISTS(_reachable_owner(peewee.SQL("1")))
    lead = LeadRow.select(*values.values()).where(LeadRow.id == param("lead_id"), ~is_owned)
    return DeliveryRow.insert_from(lead, list(values))


def insert_acknowledgement() -> peewee.Node:
    """Insert an acknowledgement, as cancelled if its recipient has had one since a time."""
    earlier = DeliveryRow.alias()
    has_earlier = peewee.fn.EXISTS(
        earlier.select(peewee.SQL("1")).where(
            earlier.kind == DeliveryKind.ACKNOWLEDGEMENT.value,
            earlier.recipient_key == param("recipient_key"),
            earlier.created_at > param("since"),
            earlier.state != DeliveryState.CANCELLED.value,
        )
    )
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in COLUMNS}
    cancelled = {DeliveryRow.state: DeliveryState.CANCELLED.value, DeliveryRow.due_at: None}
    for column, value in cancelled.items():
        values[column] = peewee.Case(None, [(has_earlier, value)], values[column])
    return DeliveryRow.insert(values)


def update() -> peewee.Node:
    """Update the state of a delivery that has the expected epoch."""
    return DeliveryRow.update({name: param(name) for name in _CHANGING}).where(
        DeliveryRow.id == param("id"), DeliveryRow.epoch == param("known_epoch")
    )


def upsert_attempt() -> peewee.Node:
    """Insert an attempt, or update its result."""
    row = DeliveryAttemptRow
    return row.insert({column: param(column.column_name) for column in _ATTEMPT}).on_conflict(
        conflict_target=[row.delivery, row.number],
        preserve=[row.finished_at, row.outcome, row.status, row.detail],
    )


def select_ids_of() -> peewee.Node:
    """Select the ids of the deliveries about a lead."""
    return DeliveryRow.select(DeliveryRow.id).where(DeliveryRow.lead_id == param("lead_id"))


def delete() -> peewee.Node:
    """Delete a delivery."""
    return DeliveryRow.delete().where(DeliveryRow.id == param("id"))


def delete_of() -> peewee.Node:
    """Delete the deliveries about a lead."""
    return DeliveryRow.delete().where(DeliveryRow.lead_id == param("lead_id"))


def select_by_id(lock_row: RowLock) -> peewee.Node:
    """Select a delivery."""
    return lock_row(DeliveryRow.select(*COLUMNS).where(DeliveryRow.id == param("id")))


def select_due(
    skip_locked: RowLock,
    channel: Channel,
    has_recipient: bool,  # noqa: FBT001 - a variant consists of flags
    include_waiting: bool,  # noqa: FBT001 - as above
) -> peewee.Node:
    """Select the earliest delivery of a channel, or of one recipient in it, that is due.

    With ``include_waiting`` it may become due later.
    """
    row = DeliveryRow
    query = _of(channel, has_recipient=has_recipient).where(row.due_at.is_null(is_null=False))
    if not include_waiting:
        query = query.where(row.due_at <= param("now"))
    return skip_locked(query.order_by(row.due_at).limit(1))


def select_due_of_kind(skip_locked: RowLock, kind: DeliveryKind) -> peewee.Node:
    """Select the e-mails of one kind to one recipient that are due, the earliest first."""
    row = DeliveryRow
    query = _of(Channel.MAIL, has_recipient=True).where(row.due_at.is_null(is_null=False))
    is_kind = row.kind == peewee.Value(kind.value, converter=False)
    return skip_locked(
        query.where(row.due_at <= param("now"), is_kind).order_by(row.due_at).limit(param("limit"))
    )


def select_lists_of_leads() -> peewee.Node:
    """Select the ids of deliveries that are about no single lead, created since a time."""
    row = DeliveryRow
    return row.select(row.id).where(row.lead_id.is_null(), row.created_at >= param("since"))


def select_abandoned(skip_locked: RowLock, channel: Channel, has_recipient: bool) -> peewee.Node:  # noqa: FBT001 - as above
    """Select the deliveries whose lease has ended, the earliest first."""
    row = DeliveryRow
    is_over = row.leased_until <= param("now")
    query = _of(channel, has_recipient=has_recipient).where(row.leased_until.is_null(is_null=False), is_over)
    return skip_locked(query.order_by(row.leased_until))


def _of(channel: Channel, *, has_recipient: bool) -> Select:
    query: Select = DeliveryRow.select(*COLUMNS).where(is_of(channel))
    return query.where(DeliveryRow.recipient_key == param("recipient_key")) if has_recipient else query


def select_waiting_recipients(channel: Channel) -> peewee.Node:
    """Select the recipients of a channel to whom something is still to be sent."""
    query = DeliveryRow.select(DeliveryRow.recipient_key).where(is_of(channel))
    return query.where(DeliveryRow.due_at.is_null(is_null=False)).distinct()


def select_leased_recipients(channel: Channel) -> peewee.Node:
    """Select the recipients of a channel to whom something is being sent."""
    query = DeliveryRow.select(DeliveryRow.recipient_key).where(is_of(channel))
    return query.where(DeliveryRow.leased_until.is_null(is_null=False)).distinct()


def select_since() -> peewee.Node:
    """Select the earliest times since when deliveries are due or leased."""
    # One query for each channel, because the indexes are partial by channel.
    first, *others = (_earliest(DeliveryRow.due_at).where(is_of(channel)) for channel in Channel)
    earliest = _earliest(DeliveryRow.leased_until).union_all(first)
    for other in others:
        earliest = earliest.union_all(other)
    return earliest


def _earliest(column: peewee.Field) -> Select:
    query: Select = DeliveryRow.select(peewee.fn.MIN(column).alias("earliest"))
    return query.where(column.is_null(is_null=False), column <= param("now"))


def select_of_lead() -> peewee.Node:
    """Select the deliveries about a lead."""
    row = DeliveryRow
    return row.select(*COLUMNS).where(row.lead_id == param("lead_id")).order_by(row.created_at, row.id)


def select_of_reports(has_week: bool) -> peewee.Node:  # noqa: FBT001 - a flag of a variant
    """Select the e-mails about sealed weeks, about all of them or one."""
    row = DeliveryRow
    query = row.select(*COLUMNS).where(IS_WEEKLY_REPORT)
    return (query.where(row.text == param("week")) if has_week else query).order_by(row.created_at, row.id)


def select_silence_alert() -> peewee.Node:
    """Select an alert about a source, made since a time."""
    row = DeliveryRow
    query = row.select(row.id).where(IS_SILENCE_ALERT, row.text == param("source"))
    return query.where(row.created_at >= param("since")).limit(1)


def count_open() -> peewee.Node:
    """Count the deliveries in each state that is not final."""
    row = DeliveryRow
    is_open = row.state.in_([state.value for state in OPEN_STATES])
    number = peewee.fn.COUNT(peewee.SQL("*")).alias("deliveries")
    return row.select(row.state, number).where(is_open).group_by(row.state)


def select_attempts() -> peewee.Node:
    """Select the attempts of a delivery, the first one first."""
    row = DeliveryAttemptRow
    return row.select(*_ATTEMPT).where(row.delivery == param("id")).order_by(row.number)


def select_page(states: tuple[DeliveryState, ...], has_cursor: bool) -> Any:  # noqa: FBT001 - a variant
    """Select a page of the deliveries in some states, the latest first."""
    # One index serves the list of each state; a list of all states merges one page of each of them.
    pages = [_page_of(state, has_cursor=has_cursor) for state in states]
    if len(pages) == 1:
        return pages[0]
    members = [DeliveryRow.select(peewee.SQL("*")).from_(page.alias("page")) for page in pages]
    query: Any = members[0]
    for member in members[1:]:
        query = query.union_all(member)
    return query.order_by(peewee.SQL("created_at DESC, id DESC")).limit(param("limit"))


def _page_of(state: DeliveryState, *, has_cursor: bool) -> Select:
    row = DeliveryRow
    query: Select = row.select(*COLUMNS).where(row.state == peewee.Value(state.value, converter=False))
    return page_of(query, row.created_at, row.id, has_cursor=has_cursor)
