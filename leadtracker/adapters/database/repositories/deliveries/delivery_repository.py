"""The outbox in the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import peewee
from attrs import asdict, fields, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import Row, RowLock, StatementExecutor
from leadtracker.adapters.database.tables import OutboxAttemptRow, OutboxRow, is_of
from leadtracker.domain.errors import MessageNotFound
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import (
    UNFINISHED,
    Channel,
    Message,
    MessageKind,
    MessagePage,
    MessagePlace,
    MessageState,
)
from leadtracker.domain.ports.deliveries.delivery_repository import Outbox

_COLUMNS = tuple(OutboxRow._meta.sorted_fields)
_ATTEMPT = tuple(OutboxAttemptRow._meta.sorted_fields)


@frozen
class PeeweeOutbox(Outbox):
    """See the port for what it promises."""

    _executor: StatementExecutor

    def add(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._executor.enqueue_write(_insert, **_to_values(message))

    def acknowledge(self, message: Message, since: datetime) -> None:
        suppressed = message.suppressed()
        instead = {"suppressed_state": suppressed.state, "suppressed_due_at": suppressed.due_at}
        self._executor.enqueue_write(_insert_acknowledgement, since=since, **instead, **_to_values(message))

    def get(self, message_id: str) -> Message:
        row = self._executor.row(_select_by_id, self._executor.lock_row, id=message_id)
        if row is None:
            raise MessageNotFound(message_id)
        return self._to_message(row)

    def find_due(
        self, now: datetime, channel: Channel, recipient_key: str | None = None, *, early: bool = False
    ) -> Message | None:
        variant = (self._executor.dialect.skip_locked, channel, recipient_key is not None)
        values = {"now": now, "recipient_key": recipient_key}
        for row in self._executor.rows(_select_due, *variant, early, **values):
            return self._to_message(row)
        # An abandoned claim may have to wait for its backoff still; that rule is the domain's.
        for row in self._executor.rows(_select_abandoned, *variant, **values):
            message = self._to_message(row)
            if message.is_due(now) or (early and message.as_of(now).due_at):
                return message
        return None

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        selects = (_select_waiting_recipients, _select_leased_recipients)
        rows = (row for build in selects for row in self._executor.rows(build, channel))
        return frozenset(key for (key,) in rows)

    def due_since(self, now: datetime) -> datetime | None:
        waiting = (self._instant(row[0]) for row in self._executor.rows(_select_since, now=now))
        return min((instant for instant in waiting if instant is not None), default=None)

    def unfinished(self) -> Mapping[MessageState, int]:
        counted = dict[str, int](self._executor.rows(_count_unfinished))
        return {state: counted.get(state.value, 0) for state in UNFINISHED}

    def replace(self, message: Message, *, epoch: int) -> bool:
        if not self._executor.write(_update, known_epoch=epoch, **_to_values(message)):
            return False
        for attempt in message.attempts[-2:]:
            self._executor.write(_upsert_attempt, message_id=message.id, **asdict(attempt))
        return True

    def page(
        self, state: MessageState | None, *, limit: int, after: MessagePlace | None = None
    ) -> MessagePage:
        there = {"at": after and after.created_at, "id": after and after.message_id}
        variant = (state is not None, after is not None)
        rows = self._executor.rows(_select_page, *variant, state=state, limit=limit + 1, **there)
        return MessagePage.cut([self._to_message(row) for row in rows], limit)

    def erase(self, lead_id: str) -> None:
        self._executor.erase(_delete_of, lead_id=lead_id)

    def _to_message(self, row: Row) -> Message:
        message_id, kind, recipient, key, lead_id, text, state, created_at, *rest = row
        due_at, epoch, leased_until, _channel, follow_up_id = rest
        return Message(
            id=message_id,
            kind=MessageKind(kind),
            recipient=recipient,
            recipient_key=key,
            lead_id=lead_id or None,
            follow_up_id=follow_up_id,
            text=text,
            state=MessageState(state),
            created_at=self._executor.dialect.from_db_timestamp(created_at),
            due_at=self._instant(due_at),
            epoch=epoch,
            leased_until=self._instant(leased_until),
            attempts=tuple(map(self._to_attempt, self._executor.rows(_select_attempts, id=message_id))),
        )

    def _to_attempt(self, row: Row) -> Attempt:
        _, number, started_at, finished_at, outcome, status, detail = row
        return Attempt(
            number=number,
            started_at=self._executor.dialect.from_db_timestamp(started_at),
            finished_at=self._instant(finished_at),
            outcome=None if outcome is None else Outcome(outcome),
            status=status,
            detail=detail,
        )

    def _instant(self, stored: object) -> datetime | None:
        return None if stored is None else self._executor.dialect.from_db_timestamp(stored)


def _to_values(message: Message) -> dict[str, object]:
    names = (field.name for field in fields(Message) if field.name != "attempts")
    values = {name: getattr(message, name) for name in (*names, "channel")}
    return values | {"lead_id": message.lead_id or ""}


def _insert() -> peewee.Node:
    return OutboxRow.insert({column: param(column.column_name) for column in _COLUMNS})


def _insert_acknowledgement() -> peewee.Node:
    earlier = OutboxRow.alias()
    has_earlier = peewee.fn.EXISTS(
        earlier.select(peewee.SQL("1")).where(
            earlier.kind == MessageKind.ACKNOWLEDGEMENT.value,
            earlier.recipient_key == param("recipient_key"),
            earlier.created_at > param("since"),
            earlier.state != MessageState.SUPPRESSED.value,
        )
    )
    values: dict[peewee.Field, peewee.Node] = {column: param(column.column_name) for column in _COLUMNS}
    for column in (OutboxRow.state, OutboxRow.due_at):
        suppressed = param(f"suppressed_{column.column_name}")
        values[column] = peewee.Case(None, [(has_earlier, suppressed)], values[column])
    return OutboxRow.insert(values)


def _update() -> peewee.Node:
    changing = ("state", "due_at", "epoch", "leased_until")
    return OutboxRow.update({name: param(name) for name in changing}).where(
        OutboxRow.id == param("id"), OutboxRow.epoch == param("known_epoch")
    )


def _upsert_attempt() -> peewee.Node:
    row = OutboxAttemptRow
    return row.insert({column: param(column.column_name) for column in _ATTEMPT}).on_conflict(
        conflict_target=[row.message, row.number],
        preserve=[row.finished_at, row.outcome, row.status, row.detail],
    )


def _delete_of() -> peewee.Node:
    return OutboxRow.delete().where(OutboxRow.lead_id == param("lead_id"))


def _select_by_id(lock_row: RowLock) -> peewee.Node:
    return lock_row(OutboxRow.select(*_COLUMNS).where(OutboxRow.id == param("id")))


def _select_due(
    skip_locked: RowLock,
    channel: Channel,
    has_recipient: bool,  # noqa: FBT001 - a variant is a row of flags
    early: bool,  # noqa: FBT001 - as above
) -> peewee.Node:
    row = OutboxRow
    query = _of(channel, has_recipient=has_recipient).where(row.due_at.is_null(is_null=False))
    if not early:
        query = query.where(row.due_at <= param("now"))
    return skip_locked(query.order_by(row.due_at).limit(1))


def _select_abandoned(skip_locked: RowLock, channel: Channel, has_recipient: bool) -> peewee.Node:  # noqa: FBT001 - as above
    row = OutboxRow
    is_over = row.leased_until <= param("now")
    query = _of(channel, has_recipient=has_recipient).where(row.leased_until.is_null(is_null=False), is_over)
    return skip_locked(query.order_by(row.leased_until))


def _of(channel: Channel, *, has_recipient: bool) -> Select:
    query: Select = OutboxRow.select(*_COLUMNS).where(is_of(channel))
    return query.where(OutboxRow.recipient_key == param("recipient_key")) if has_recipient else query


def _select_waiting_recipients(channel: Channel) -> peewee.Node:
    query = OutboxRow.select(OutboxRow.recipient_key).where(is_of(channel))
    return query.where(OutboxRow.due_at.is_null(is_null=False)).distinct()


def _select_leased_recipients(channel: Channel) -> peewee.Node:
    query = OutboxRow.select(OutboxRow.recipient_key).where(is_of(channel))
    return query.where(OutboxRow.leased_until.is_null(is_null=False)).distinct()


def _select_since() -> peewee.Node:
    # Each channel by itself, as its index has it.
    mails, webhooks = (_earliest(OutboxRow.due_at).where(is_of(channel)) for channel in Channel)
    return mails.union_all(webhooks).union_all(_earliest(OutboxRow.leased_until))


def _earliest(column: peewee.Field) -> Select:
    query: Select = OutboxRow.select(peewee.fn.MIN(column))
    return query.where(column.is_null(is_null=False), column <= param("now"))


def _count_unfinished() -> peewee.Node:
    row = OutboxRow
    is_unfinished = row.state.in_([state.value for state in UNFINISHED])
    return row.select(row.state, peewee.fn.COUNT(peewee.SQL("*"))).where(is_unfinished).group_by(row.state)


def _select_attempts() -> peewee.Node:
    row = OutboxAttemptRow
    return row.select(*_ATTEMPT).where(row.message == param("id")).order_by(row.number)


def _select_page(has_state: bool, has_cursor: bool) -> peewee.Node:  # noqa: FBT001 - a variant is a row of flags
    row = OutboxRow
    query = row.select(*_COLUMNS)
    if has_state:
        query = query.where(row.state == param("state"))
    if has_cursor:
        query = query.where(peewee.Tuple(row.created_at, row.id) < peewee.Tuple(param("at"), param("id")))
    return query.order_by(row.created_at.desc(), row.id.desc()).limit(param("limit"))
