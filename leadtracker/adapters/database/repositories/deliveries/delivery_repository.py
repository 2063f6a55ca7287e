"""Deliveries in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statements import Row, RowLock, StatementExecutor, param
from leadtracker.adapters.database.tables import DeliveryAttemptRow, DeliveryRow, LeadRow, UserRow, is_of
from leadtracker.adapters.database.tables.deliveries import IS_WEEKLY_REPORT
from leadtracker.domain.errors import DeliveryNotFound
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import (
    OPEN_STATES,
    Channel,
    Delivery,
    DeliveryCursor,
    DeliveryKind,
    DeliveryPage,
    DeliveryState,
)
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository

_COLUMNS = tuple(DeliveryRow._meta.sorted_fields)
_ATTEMPT = tuple(DeliveryAttemptRow._meta.sorted_fields)
_CHANGING = ("state", "due_at", "epoch", "leased_until")


@frozen
class PeeweeDeliveryRepository(DeliveryRepository):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self._executor.enqueue_write(_insert, **_to_values(delivery))

    def notify(self, notifications: Sequence[Delivery]) -> None:
        first, *others = notifications
        if first.recipient:
            self._executor.enqueue_write(_insert_for_owner_or_recipient, **_to_values(first))
        else:
            self._executor.enqueue_optional_write(_insert_for_owner, **_to_values(first))
        for other in others:
            self._executor.enqueue_optional_write(_insert_unless_owned, **_to_values(other))

    def acknowledge(self, delivery: Delivery, since: datetime) -> None:
        cancelled = delivery.cancelled()
        values = _to_values(delivery)
        values |= {"cancelled_state": cancelled.state, "cancelled_due_at": cancelled.due_at, "since": since}
        self._executor.enqueue_write(_insert_acknowledgement, **values)

    def get(self, delivery_id: str) -> Delivery:
        row = self._executor.row(_select_by_id, self._executor.lock_row, id=delivery_id)
        if row is None:
            raise DeliveryNotFound(delivery_id)
        return self._to_delivery(row)

    def find_due(
        self,
        now: datetime,
        channel: Channel,
        recipient_key: str | None = None,
        *,
        include_waiting: bool = False,
    ) -> Delivery | None:
        variant = (self._executor.dialect.skip_locked, channel, recipient_key is not None)
        values = {"now": now, "recipient_key": recipient_key}
        for row in self._executor.rows(_select_due, *variant, include_waiting, **values):
            return self._to_delivery(row)
        # An abandoned claim may still have to wait for its backoff, which the domain decides.
        for row in self._executor.rows(_select_abandoned, *variant, **values):
            delivery = self._to_delivery(row)
            if delivery.is_due(now) or (include_waiting and delivery.with_expired_lease_closed(now).due_at):
                return delivery
        return None

    def find_due_of_kind(
        self, now: datetime, kind: DeliveryKind, recipient_key: str, limit: int
    ) -> list[Delivery]:
        values = {"now": now, "recipient_key": recipient_key, "limit": limit}
        rows = self._executor.rows(_select_due_of_kind, self._executor.dialect.skip_locked, kind, **values)
        return [self._to_delivery(row) for row in [*rows]]

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        selects = (_select_waiting_recipients, _select_leased_recipients)
        rows = (row for build in selects for row in self._executor.rows(build, channel))
        return frozenset(row.recipient_key for row in rows)

    def due_since(self, now: datetime) -> datetime | None:
        waiting = (self._timestamp(row.earliest) for row in self._executor.rows(_select_since, now=now))
        return min((timestamp for timestamp in waiting if timestamp is not None), default=None)

    def of_reports(self, week: str | None) -> list[Delivery]:
        rows = self._executor.rows(_select_of_reports, week is not None, week=week)
        return [self._to_delivery(row) for row in [*rows]]

    def count_open(self) -> Mapping[DeliveryState, int]:
        counted = {row.state: row.deliveries for row in self._executor.rows(_count_open)}
        return {state: counted.get(state.value, 0) for state in OPEN_STATES}

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        if not self._executor.write(_update, known_epoch=epoch, **_to_values(delivery)):
            return False
        for attempt in delivery.attempts[-2:]:
            self._executor.write(_upsert_attempt, delivery_id=delivery.id, **asdict(attempt))
        return True

    def page(
        self, state: DeliveryState | None, *, limit: int, after: DeliveryCursor | None = None
    ) -> DeliveryPage:
        cursor = {"at": after and after.created_at, "id": after and after.delivery_id}
        states = tuple(DeliveryState) if state is None else (state,)
        rows = self._executor.rows(_select_page, states, after is not None, limit=limit + 1, **cursor)
        return DeliveryPage.cut([self._to_delivery(row) for row in rows], limit)

    def lists_of_leads(self, since: datetime) -> list[str]:
        return [row.id for row in self._executor.rows(_select_lists_of_leads, since=since)]

    def erase(self, lead_id: str) -> list[str]:
        ids = [row.id for row in self._executor.rows(_select_ids_of, lead_id=lead_id)]
        self._executor.erase(_delete_of, lead_id=lead_id)
        return ids

    def _to_delivery(self, row: Row) -> Delivery:
        return Delivery(
            id=row.id,
            kind=DeliveryKind(row.kind),
            channel=Channel(row.channel),
            recipient=row.recipient,
            recipient_key=row.recipient_key,
            lead_id=row.lead_id,
            follow_up_id=row.follow_up_id,
            text=row.text,
            state=DeliveryState(row.state),
            created_at=self._executor.dialect.from_db_timestamp(row.created_at),
            due_at=self._timestamp(row.due_at),
            epoch=row.epoch,
            leased_until=self._timestamp(row.leased_until),
            attempts=tuple(map(self._to_attempt, self._executor.rows(_select_attempts, id=row.id))),
        )

    def _to_attempt(self, row: Row) -> Attempt:
        return Attempt(
            number=row.number,
            started_at=self._executor.dialect.from_db_timestamp(row.started_at),
            finished_at=self._timestamp(row.finished_at),
            outcome=None if row.outcome is None else Outcome(row.outcome),
            status=row.status,
            detail=row.detail,
        )

    def _timestamp(self, stored: object) -> datetime | None:
        return None if stored is None else self._executor.dialect.from_db_timestamp(stored)


def _to_values(delivery: Delivery) -> dict[str, object]:
    return {column.column_name: getattr(delivery, column.column_name) for column in _COLUMNS}


def _insert() -> peewee.Node:
    return DeliveryRow.insert({column: param(column.column_name) for column in _COLUMNS})


def _reachable_owner(*columns: peewee.Node) -> Select:
    """The owner of the delivery's lead, if that user is enabled and has an address."""
    is_owner = (LeadRow.owner == UserRow.name) & UserRow.disabled_at.is_null()
    query: Select = LeadRow.select(*columns).join(UserRow, on=is_owner)
    return query.where(LeadRow.id == param("lead_id"), UserRow.email_key.is_null(is_null=False))


def _insert_for_owner_or_recipient() -> peewee.Node:
    row = DeliveryRow
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in _COLUMNS}
    for column, owners in ((row.recipient, UserRow.email), (row.recipient_key, UserRow.email_key)):
        values[column] = peewee.fn.COALESCE(_reachable_owner(owners), values[column])
    return row.insert(values)


def _insert_for_owner() -> peewee.Node:
    row = DeliveryRow
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in _COLUMNS}
    values |= {row.recipient: UserRow.email, row.recipient_key: UserRow.email_key}
    return row.insert_from(_reachable_owner(*values.values()), list(values))


def _insert_unless_owned() -> peewee.Node:
    values = {column: param(column.column_name) for column in _COLUMNS}
    is_owned = peewee.fn.EXISTS(_reachable_owner(peewee.SQL("1")))
    lead = LeadRow.select(*values.values()).where(LeadRow.id == param("lead_id"), ~is_owned)
    return DeliveryRow.insert_from(lead, list(values))


def _insert_acknowledgement() -> peewee.Node:
    earlier = DeliveryRow.alias()
    has_earlier = peewee.fn.EXISTS(
        earlier.select(peewee.SQL("1")).where(
            earlier.kind == DeliveryKind.ACKNOWLEDGEMENT.value,
            earlier.recipient_key == param("recipient_key"),
            earlier.created_at > param("since"),
            earlier.state != DeliveryState.CANCELLED.value,
        )
    )
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in _COLUMNS}
    for column in (DeliveryRow.state, DeliveryRow.due_at):
        cancelled = param(f"cancelled_{column.column_name}")
        values[column] = peewee.Case(None, [(has_earlier, cancelled)], values[column])
    return DeliveryRow.insert(values)


def _update() -> peewee.Node:
    return DeliveryRow.update({name: param(name) for name in _CHANGING}).where(
        DeliveryRow.id == param("id"), DeliveryRow.epoch == param("known_epoch")
    )


def _upsert_attempt() -> peewee.Node:
    row = DeliveryAttemptRow
    return row.insert({column: param(column.column_name) for column in _ATTEMPT}).on_conflict(
        conflict_target=[row.delivery, row.number],
        preserve=[row.finished_at, row.outcome, row.status, row.detail],
    )


def _select_ids_of() -> peewee.Node:
    return DeliveryRow.select(DeliveryRow.id).where(DeliveryRow.lead_id == param("lead_id"))


def _delete_of() -> peewee.Node:
    return DeliveryRow.delete().where(DeliveryRow.lead_id == param("lead_id"))


def _select_by_id(lock_row: RowLock) -> peewee.Node:
    return lock_row(DeliveryRow.select(*_COLUMNS).where(DeliveryRow.id == param("id")))


def _select_due(
    skip_locked: RowLock,
    channel: Channel,
    has_recipient: bool,  # noqa: FBT001 - a variant consists of flags
    include_waiting: bool,  # noqa: FBT001 - as above
) -> peewee.Node:
    row = DeliveryRow
    query = _of(channel, has_recipient=has_recipient).where(row.due_at.is_null(is_null=False))
    if not include_waiting:
        query = query.where(row.due_at <= param("now"))
    return skip_locked(query.order_by(row.due_at).limit(1))


def _select_due_of_kind(skip_locked: RowLock, kind: DeliveryKind) -> peewee.Node:
    row = DeliveryRow
    query = _of(Channel.MAIL, has_recipient=True).where(row.due_at.is_null(is_null=False))
    is_kind = row.kind == peewee.Value(kind.value, converter=False)
    return skip_locked(
        query.where(row.due_at <= param("now"), is_kind).order_by(row.due_at).limit(param("limit"))
    )


def _select_lists_of_leads() -> peewee.Node:
    row = DeliveryRow
    return row.select(row.id).where(row.lead_id.is_null(), row.created_at >= param("since"))


def _select_abandoned(skip_locked: RowLock, channel: Channel, has_recipient: bool) -> peewee.Node:  # noqa: FBT001 - as above
    row = DeliveryRow
    is_over = row.leased_until <= param("now")
    query = _of(channel, has_recipient=has_recipient).where(row.leased_until.is_null(is_null=False), is_over)
    return skip_locked(query.order_by(row.leased_until))


def _of(channel: Channel, *, has_recipient: bool) -> Select:
    query: Select = DeliveryRow.select(*_COLUMNS).where(is_of(channel))
    return query.where(DeliveryRow.recipient_key == param("recipient_key")) if has_recipient else query


def _select_waiting_recipients(channel: Channel) -> peewee.Node:
    query = DeliveryRow.select(DeliveryRow.recipient_key).where(is_of(channel))
    return query.where(DeliveryRow.due_at.is_null(is_null=False)).distinct()


def _select_leased_recipients(channel: Channel) -> peewee.Node:
    query = DeliveryRow.select(DeliveryRow.recipient_key).where(is_of(channel))
    return query.where(DeliveryRow.leased_until.is_null(is_null=False)).distinct()


def _select_since() -> peewee.Node:
    # One query for each channel, because the indexes are partial by channel.
    first, *others = (_earliest(DeliveryRow.due_at).where(is_of(channel)) for channel in Channel)
    earliest = _earliest(DeliveryRow.leased_until).union_all(first)
    for other in others:
        earliest = earliest.union_all(other)
    return earliest


def _earliest(column: peewee.Field) -> Select:
    query: Select = DeliveryRow.select(peewee.fn.MIN(column).alias("earliest"))
    return query.where(column.is_null(is_null=False), column <= param("now"))


def _select_of_reports(has_week: bool) -> peewee.Node:  # noqa: FBT001 - a flag of a variant
    row = DeliveryRow
    query = row.select(*_COLUMNS).where(IS_WEEKLY_REPORT)
    return (query.where(row.text == param("week")) if has_week else query).order_by(row.created_at, row.id)


def _count_open() -> peewee.Node:
    row = DeliveryRow
    is_open = row.state.in_([state.value for state in OPEN_STATES])
    number = peewee.fn.COUNT(peewee.SQL("*")).alias("deliveries")
    return row.select(row.state, number).where(is_open).group_by(row.state)


def _select_attempts() -> peewee.Node:
    row = DeliveryAttemptRow
    return row.select(*_ATTEMPT).where(row.delivery == param("id")).order_by(row.number)


def _select_page(states: tuple[DeliveryState, ...], has_cursor: bool) -> Any:  # noqa: FBT001 - a variant
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
    query: Select = row.select(*_COLUMNS).where(row.state == peewee.Value(state.value, converter=False))
    return page_of(query, row.created_at, row.id, has_cursor=has_cursor)
