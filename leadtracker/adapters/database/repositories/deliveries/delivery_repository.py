"""Deliveries in the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.attempts import attempt_values, to_attempt
from leadtracker.adapters.database.repositories.deliveries import delivery_statements as statements
from leadtracker.domain.errors import DeliveryNotFound
from leadtracker.domain.model.deliveries.deliverable import Attempt
from leadtracker.domain.model.deliveries.delivery import (
    OPEN_STATES,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository


@frozen
class PeeweeDeliveryRepository(DeliveryRepository):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self._executor.enqueue_write(statements.insert, **_to_values(delivery))

    def notify(self, notifications: Sequence[Delivery]) -> None:
        first, *others = notifications
        if first.recipient:
            self._executor.enqueue_write(statements.insert_for_owner_or_recipient, **_to_values(first))
        else:
            self._executor.enqueue_optional_write(statements.insert_for_owner, **_to_values(first))
        for other in others:
            self._executor.enqueue_optional_write(statements.insert_unless_owned, **_to_values(other))

    def acknowledge(self, delivery: Delivery, since: datetime) -> None:
        self._executor.enqueue_write(statements.insert_acknowledgement, since=since, **_to_values(delivery))

    def get(self, delivery_id: str) -> Delivery:
        row = self._executor.row(statements.select_by_id, self._executor.lock_row, id=delivery_id)
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
        for row in self._executor.rows(statements.select_due, *variant, include_waiting, **values):
            return self._to_delivery(row)
        # An abandoned claim may still have to wait for its backoff, which the domain decides.
        for row in self._executor.rows(statements.select_abandoned, *variant, **values):
            delivery = self._to_delivery(row)
            if include_waiting or delivery.is_due(now) or delivery.is_exhausted(now):
                return delivery
        return None

    def find_due_of_kind(
        self, now: datetime, kind: DeliveryKind, recipient_key: str, limit: int
    ) -> list[Delivery]:
        values = {"now": now, "recipient_key": recipient_key, "limit": limit}
        rows = self._executor.rows(
            statements.select_due_of_kind, self._executor.dialect.skip_locked, kind, **values
        )
        return [self._to_delivery(row) for row in rows]

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        selects = (statements.select_waiting_recipients, statements.select_leased_recipients)
        rows = (row for build in selects for row in self._executor.rows(build, channel))
        return frozenset(row.recipient_key for row in rows)

    def due_since(self, now: datetime) -> datetime | None:
        waiting = (
            self._timestamp(row.earliest) for row in self._executor.rows(statements.select_since, now=now)
        )
        return min((timestamp for timestamp in waiting if timestamp is not None), default=None)

    def of_lead(self, lead_id: str) -> list[Delivery]:
        rows = self._executor.rows(statements.select_of_lead, lead_id=lead_id)
        return [self._to_delivery(row) for row in rows]

    def of_reports(self, week: str | None) -> list[Delivery]:
        rows = self._executor.rows(statements.select_of_reports, week is not None, week=week)
        return [self._to_delivery(row) for row in rows]

    def has_silence_alert(self, source: str | None, since: datetime) -> bool:
        values = {"source": source or "", "since": since}
        return self._executor.row(statements.select_silence_alert, **values) is not None

    def count_open(self) -> Mapping[DeliveryState, int]:
        counted = {row.state: row.deliveries for row in self._executor.rows(statements.count_open)}
        return {state: counted.get(state.value, 0) for state in OPEN_STATES}

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        if not self._executor.write(statements.update, known_epoch=epoch, **_to_values(delivery)):
            return False
        for attempt in delivery.attempts[-2:]:
            self._executor.write(
                statements.upsert_attempt, delivery_id=delivery.id, **attempt_values(attempt)
            )
        return True

    def page(self, state: DeliveryState | None, *, limit: int, after: Cursor | None = None) -> Page[Delivery]:
        cursor = {"at": after and after.at, "id": after and after.id}
        states = tuple(DeliveryState) if state is None else (state,)
        rows = self._executor.rows(
            statements.select_page, states, after is not None, limit=limit + 1, **cursor
        )
        return Page.cut([self._to_delivery(row) for row in rows], limit, lambda one: one.cursor)

    def lists_of_leads(self, since: datetime) -> list[str]:
        return [row.id for row in self._executor.rows(statements.select_lists_of_leads, since=since)]

    def remove(self, delivery_id: str) -> None:
        self._executor.write(statements.delete, id=delivery_id)

    def erase(self, lead_id: str) -> list[str]:
        ids = [row.id for row in self._executor.rows(statements.select_ids_of, lead_id=lead_id)]
        self._executor.erase(statements.delete_of, lead_id=lead_id)
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
            attempts=tuple(self._attempts(row.id)),
        )

    def _attempts(self, delivery_id: str) -> Iterator[Attempt]:
        for row in self._executor.rows(statements.select_attempts, id=delivery_id):
            yield to_attempt(row, self._executor.dialect.from_db_timestamp)

    def _timestamp(self, stored: object) -> datetime | None:
        return None if stored is None else self._executor.dialect.from_db_timestamp(stored)


def _to_values(delivery: Delivery) -> dict[str, object]:
    return {column.column_name: getattr(delivery, column.column_name) for column in statements.COLUMNS}
