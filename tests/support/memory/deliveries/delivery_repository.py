"""Deliveries in memory."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from attrs import evolve, frozen

from leadtracker.domain.errors import DeliveryNotFound
from leadtracker.domain.model.deliveries.delivery import (
    OPEN_STATES,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository
from tests.support.memory.store import Tables, Transaction


@frozen
class MemoryDeliveryRepository(DeliveryRepository):
    """An in-memory ``DeliveryRepository``; see the port for its promises."""

    _transaction: Transaction

    def add(self, deliveries: Iterable[Delivery]) -> None:
        self._transaction.for_writing().deliveries.update({delivery.id: delivery for delivery in deliveries})

    def notify(self, notifications: Sequence[Delivery]) -> None:
        first = notifications[0]
        tables = self._transaction.tables
        user = tables.users.get(tables.leads[first.lead_id or ""].owner or "")
        address = user.reachable_at if user else None
        if address is None:
            self.add(one for one in notifications if one.recipient)
        else:
            self.add([evolve(first, recipient=address.text, recipient_key=address.key)])

    def get(self, delivery_id: str) -> Delivery:
        delivery = self._transaction.tables.deliveries.get(delivery_id)
        if delivery is None:
            raise DeliveryNotFound(delivery_id)
        return delivery

    def find_due(
        self,
        now: datetime,
        channel: Channel,
        recipient_key: str | None = None,
        *,
        include_waiting: bool = False,
    ) -> Delivery | None:
        found: list[tuple[datetime, Delivery]] = []
        for delivery in self._transaction.tables.deliveries.values():
            if not (delivery.due_at or delivery.leased_until):
                continue  # most are finished
            if delivery.channel is not channel or recipient_key not in {None, delivery.recipient_key}:
                continue
            due_at = delivery.with_expired_lease_closed(now).due_at
            if due_at is not None and (due_at <= now or include_waiting):
                found.append((due_at, delivery))
            elif delivery.is_exhausted(now):
                found.append((now, delivery))
        return min(found, key=itemgetter(0), default=(now, None))[1]

    def find_due_of_kind(
        self, now: datetime, kind: DeliveryKind, recipient_key: str, limit: int
    ) -> list[Delivery]:
        due = due_of_kind(self._transaction.tables, now, kind, recipient_key)
        return sorted(due, key=lambda one: one.due_at or now)[:limit]

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        return frozenset(
            delivery.recipient_key
            for delivery in self._transaction.tables.deliveries.values()
            if delivery.channel is channel and (delivery.due_at or delivery.leased_until)
        )

    def due_since(self, now: datetime) -> datetime | None:
        deliveries = self._transaction.tables.deliveries.values()
        waiting = (
            timestamp for delivery in deliveries for timestamp in (delivery.due_at, delivery.leased_until)
        )
        return min((timestamp for timestamp in waiting if timestamp and timestamp <= now), default=None)

    def of_lead(self, lead_id: str) -> list[Delivery]:
        deliveries = self._transaction.tables.deliveries.values()
        return sorted((one for one in deliveries if one.lead_id == lead_id), key=_sort_key)

    def of_reports(self, week: str | None) -> list[Delivery]:
        mails = (
            delivery
            for delivery in self._transaction.tables.deliveries.values()
            if delivery.kind is DeliveryKind.WEEKLY_REPORT and week in {None, delivery.text}
        )
        return sorted(mails, key=_sort_key)

    def has_silence_alert(self, source: str | None, since: datetime) -> bool:
        return any(
            delivery.kind is DeliveryKind.SILENCE_ALERT
            and delivery.text == (source or "")
            and delivery.created_at >= since
            for delivery in self._transaction.tables.deliveries.values()
        )

    def count_open(self) -> Mapping[DeliveryState, int]:
        states = [delivery.state for delivery in self._transaction.tables.deliveries.values()]
        return {state: states.count(state) for state in OPEN_STATES}

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        deliveries = self._transaction.for_writing().deliveries
        if delivery.id not in deliveries or deliveries[delivery.id].epoch != epoch:
            return False
        deliveries[delivery.id] = delivery
        return True

    def page(self, state: DeliveryState | None, *, limit: int, after: Cursor | None = None) -> Page[Delivery]:
        found = [
            delivery
            for delivery in self._transaction.tables.deliveries.values()
            if state in {None, delivery.state}
            and (after is None or _sort_key(delivery) < (after.at, after.id))
        ]
        return Page.cut(sorted(found, key=_sort_key, reverse=True), limit, lambda one: one.cursor)

    def acknowledge(self, delivery: Delivery, since: datetime) -> None:
        has_earlier = any(
            earlier.kind is DeliveryKind.ACKNOWLEDGEMENT
            and earlier.recipient_key == delivery.recipient_key
            and earlier.created_at > since
            and earlier.state is not DeliveryState.CANCELLED
            for earlier in self._transaction.tables.deliveries.values()
        )
        self.add([delivery.cancelled() if has_earlier else delivery])

    def lists_of_leads(self, since: datetime) -> list[str]:
        deliveries = self._transaction.tables.deliveries.values()
        return [one.id for one in deliveries if one.lead_id is None and one.created_at >= since]

    def remove(self, delivery_id: str) -> None:
        self._transaction.for_writing().deliveries.pop(delivery_id, None)

    def erase(self, lead_id: str) -> list[str]:
        tables = self._transaction.for_writing()
        erased = [key for key, one in tables.deliveries.items() if one.lead_id == lead_id]
        kept = {key: one for key, one in tables.deliveries.items() if one.lead_id != lead_id}
        tables.deliveries = kept
        return erased


def due_of_kind(
    tables: Tables, now: datetime, kind: DeliveryKind, recipient_key: str | None
) -> list[Delivery]:
    """Return the mails of a kind that wait and are due, to a recipient or to all."""
    return [
        delivery
        for delivery in tables.deliveries.values()
        if delivery.kind is kind
        and recipient_key in {None, delivery.recipient_key}
        and delivery.due_at is not None
        and delivery.due_at <= now
    ]


def _sort_key(delivery: Delivery) -> tuple[datetime, str]:
    return delivery.created_at, delivery.id
