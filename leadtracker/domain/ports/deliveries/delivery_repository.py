"""Port: stored deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.values.paging import Cursor, Page


class DeliveryRepository(Protocol):
    """Stores e-mails and webhooks, also those that were sent, failed or were cancelled."""

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Store new deliveries."""
        ...

    def notify(self, notifications: Sequence[Delivery]) -> None:
        """Store notifications of one stored lead.

        If the owner of the lead is enabled and has an address, the first is stored with that recipient, and
        no other one. Else all are stored, except one whose recipient is empty, which is only for an owner.
        """
        ...

    def acknowledge(self, delivery: Delivery, since: datetime) -> None:
        """Store a new acknowledgement.

        It is stored as cancelled if its recipient has got another one, not cancelled, after ``since``.
        """
        ...

    def get(self, delivery_id: str) -> Delivery:
        """Return the delivery with that id; a writing unit of work locks it until its end.

        Raises:
            DeliveryNotFound: no delivery has that id.
        """
        ...

    def find_due(
        self,
        now: datetime,
        channel: Channel,
        recipient_key: str | None = None,
        *,
        include_waiting: bool = False,
    ) -> Delivery | None:
        """Return the delivery that has been due the longest; None if there is none.

        One whose last possible attempt was abandoned is returned, too, so that it can be stored as failed.

        Deliveries that other units of work have locked are skipped.

        Args:
            now: deliveries that are due at this time count.
            channel: e-mail or webhook.
            recipient_key: the key of a webhook endpoint; None for any recipient.
            include_waiting: true to count deliveries that are due later, too.
        """
        ...

    def find_due_of_kind(
        self, now: datetime, kind: DeliveryKind, recipient_key: str, limit: int
    ) -> list[Delivery]:
        """Return at most ``limit`` deliveries of a kind to a recipient that wait and are due, oldest first.

        Deliveries that other units of work have locked are skipped.
        """
        ...

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        """Return the keys of all recipients with a delivery that is pending or being sent."""
        ...

    def due_since(self, now: datetime) -> datetime | None:
        """Return when the delivery that has been due the longest became due; None if none is due.

        An abandoned claim counts as due from the end of its lease, even during its backoff.
        """
        ...

    def of_lead(self, lead_id: str) -> list[Delivery]:
        """Return the deliveries about a lead, oldest first."""
        ...

    def of_reports(self, week: str | None) -> list[Delivery]:
        """Return the e-mails about the sealed week with that ISO name, or about all of them, oldest first."""
        ...

    def has_silence_alert(self, source: str | None, since: datetime) -> bool:
        """Return True if there is an alert about a source, or about leads without one, made since a time."""
        ...

    def count_open(self) -> Mapping[DeliveryState, int]:
        """Return the number of deliveries by state, for the states in ``OPEN_STATES``."""
        ...

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        """Store the new state of a delivery and of its last two attempts, if its stored epoch is ``epoch``.

        Returns:
            False if another process has changed the delivery since it was read; nothing was stored then.
        """
        ...

    def page(self, state: DeliveryState | None, *, limit: int, after: Cursor | None = None) -> Page[Delivery]:
        """Return at most ``limit`` deliveries in ``state`` (None for all), the latest first."""
        ...

    def lists_of_leads(self, since: datetime) -> list[str]:
        """Return the ids of the mails about several leads, such as digests, made at or after ``since``."""
        ...

    def remove(self, delivery_id: str) -> None:
        """Delete a delivery, if it is stored."""
        ...

    def erase(self, lead_id: str) -> list[str]:
        """Delete all deliveries about a lead, and return their ids."""
        ...
