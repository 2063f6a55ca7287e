"""Port: the messages that wait to be sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import (
    Channel,
    Delivery,
    DeliveryCursor,
    DeliveryPage,
    DeliveryState,
)


class DeliveryRepository(Protocol):
    """Keeps messages, whatever became of them."""

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Store new messages."""
        ...

    def acknowledge(self, delivery: Delivery, since: datetime) -> None:
        """Store a new acknowledgement; cancelled, if its recipient has had one since then that was not."""
        ...

    def get(self, delivery_id: str) -> Delivery:
        """The message with that id; in a unit of work that may write, nobody else changes it meanwhile.

        Raises:
            DeliveryNotFound: there is none.
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
        """The message that has been due the longest, passing over those that others are about to claim.

        Args:
            now: what is due by then.
            channel: of which way.
            recipient_key: to which endpoint, of webhooks; None stands for anybody.
            include_waiting: whether what is not due yet but waits will do, too.
        """
        ...

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        """The keys of all to whom something waits or is being sent."""
        ...

    def due_since(self, now: datetime) -> datetime | None:
        """Since when the message waits that has been due the longest; None if nothing is due.

        A claim that was abandoned waits since its lease ran out, even if it has a backoff to wait for.
        """
        ...

    def count_open(self) -> Mapping[DeliveryState, int]:
        """How many messages are pending, being sent, and failed."""
        ...

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        """Store the new state of a message and of its last two attempts, if its stored epoch is ``epoch``.

        False means that somebody else has changed it since it was read; nothing was stored then.
        """
        ...

    def page(
        self, state: DeliveryState | None, *, limit: int, after: DeliveryCursor | None = None
    ) -> DeliveryPage:
        """At most ``limit`` messages, of one state or of all, the latest first."""
        ...

    def erase(self, lead_id: str) -> None:
        """Forget all messages about a lead."""
        ...
