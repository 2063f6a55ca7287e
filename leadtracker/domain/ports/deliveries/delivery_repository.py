"""Port: the messages that wait to be sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import (
    Channel,
    Message,
    MessagePage,
    MessagePlace,
    MessageState,
)


class Outbox(Protocol):
    """Keeps messages, whatever became of them."""

    def add(self, messages: Iterable[Message]) -> None:
        """Store new messages."""
        ...

    def acknowledge(self, message: Message, since: datetime) -> None:
        """Store a new acknowledgement; suppressed, if its recipient has had one since then that was not."""
        ...

    def get(self, message_id: str) -> Message:
        """The message with that id; in a unit of work that may write, nobody else changes it meanwhile.

        Raises:
            MessageNotFound: there is none.
        """
        ...

    def find_due(
        self, now: datetime, channel: Channel, recipient_key: str | None = None, *, early: bool = False
    ) -> Message | None:
        """The message that has been due the longest, passing over those that others are about to claim.

        Args:
            now: what is due by then.
            channel: of which way.
            recipient_key: to which endpoint, of webhooks; None stands for anybody.
            early: whether what is not due yet but waits will do, too.
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

    def unfinished(self) -> Mapping[MessageState, int]:
        """How many messages are pending, being sent, and dead."""
        ...

    def replace(self, message: Message, *, epoch: int) -> bool:
        """Store the new state of a message and of its last two attempts, if its stored epoch is ``epoch``.

        False means that somebody else has changed it since it was read; nothing was stored then.
        """
        ...

    def page(
        self, state: MessageState | None, *, limit: int, after: MessagePlace | None = None
    ) -> MessagePage:
        """At most ``limit`` messages, of one state or of all, the latest first."""
        ...

    def erase(self, lead_id: str) -> None:
        """Forget all messages about a lead."""
        ...
