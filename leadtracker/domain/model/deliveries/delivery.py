"""Deliveries: mails and webhooks that wait in the outbox until somebody has them.

A message moves ``pending → sending → sent | failed | cancelled``. One that must not be sent is cancelled from
the beginning, so that it can be seen that it was thought of; one that is no longer wanted when it is to be
sent, by then. What a mail says is decided when it is sent; a webhook tells what was true when it happened.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.errors import NotRetryable
from leadtracker.domain.model.deliveries.backoff import MAIL_DELAYS, bounded_retry_after, delay_after
from leadtracker.domain.model.deliveries.deliverable import Deliverable, Outcome
from leadtracker.domain.model.timestamps import check_utc

ACKNOWLEDGED_FOR = timedelta(hours=24)
"""Within this time an address gets one acknowledgement only: the public form must be no mail cannon."""


class Channel(StrEnum):
    """The way a delivery is sent; deliveries of one channel never wait for those of another."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class DeliveryKind(StrEnum):
    """The event that a delivery reports; one event may go out over several channels."""

    ACKNOWLEDGEMENT = "acknowledgement"
    DIGEST = "digest"
    FOLLOW_UP = "follow_up"
    NOTIFICATION = "notification"
    REMINDER = "reminder"
    LEAD_CREATED = "lead.created"
    LEAD_UPDATED = "lead.updated"
    LEAD_STATE_CHANGED = "lead.state_changed"
    LEAD_ERASED = "lead.erased"


EVENTS = (
    DeliveryKind.LEAD_CREATED,
    DeliveryKind.LEAD_UPDATED,
    DeliveryKind.LEAD_STATE_CHANGED,
    DeliveryKind.LEAD_ERASED,
)
"""The lead events, which endpoints receive."""

MAILS = tuple(kind for kind in DeliveryKind if kind not in EVENTS)


class DeliveryState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED)
"""The states in which somebody still waits for a message; those of most messages are others."""


@frozen(kw_only=True)
class Delivery(Deliverable):
    """One mail or webhook to one recipient.

    Attributes:
        recipient: an e-mail address, or where an endpoint is, without what may be secret of its URL.
        recipient_key: by which the recipient is recognised.
        lead_id: which lead it is about; None if it is about no single one.
        follow_up_id: which follow-up it reminds of.
        text: what the staff want to tell the prospect, of a follow-up; the body, of a webhook.
    """

    id: str
    kind: DeliveryKind
    channel: Channel
    recipient: str
    recipient_key: str
    lead_id: str | None
    follow_up_id: str | None = None
    text: str | None = None
    state: DeliveryState = DeliveryState.PENDING
    created_at: datetime = field(validator=check_utc)

    @property
    def message_id(self) -> str:
        """The same on every attempt, so that what arrives twice can be recognised.

        The Message-ID of a mail (RFC 5322), the webhook-id of a webhook (Standard Webhooks).
        """
        return message_id_of(self.id) if self.channel is Channel.MAIL else self.id

    @property
    def sent_at(self) -> datetime:
        """When the last attempt ended; of a message that was sent, when that was."""
        return self.attempts[-1].finished_at or self.attempts[-1].started_at

    @property
    def is_finished(self) -> bool:
        """Whether all is well with it: it was sent, or must not be."""
        return self.state in {DeliveryState.SENT, DeliveryState.CANCELLED}

    def cancelled(self) -> "Delivery":
        """The message as one that is never sent."""
        return evolve(self, state=DeliveryState.CANCELLED, due_at=None)

    def retried(self, now: datetime) -> "Delivery":
        """The message with another attempt due now.

        Raises:
            NotRetryable: it was sent, is being sent, or must not be sent.
        """
        if self.state not in {DeliveryState.PENDING, DeliveryState.FAILED}:
            raise NotRetryable(self.state)
        return evolve(self, state=DeliveryState.PENDING, due_at=now, epoch=self.epoch + 1)

    def marked_sending(self) -> "Delivery":
        """See the base."""
        return evolve(self, state=DeliveryState.SENDING)

    def after_attempt(self, since: datetime, retry_after: timedelta | None, fraction: float) -> "Delivery":
        """See the base; a refusal is final, anything else is tried again for about three days."""
        outcome = self.attempts[-1].outcome
        if outcome is Outcome.DELIVERED:
            return evolve(self, state=DeliveryState.SENT)
        if outcome is Outcome.CANCELLED:
            return self.cancelled()
        wait = delay_after(len(self.attempts), fraction, MAIL_DELAYS)
        if outcome is Outcome.REJECTED or wait is None:
            return evolve(self, state=DeliveryState.FAILED)
        if outcome is Outcome.RETRY and retry_after is not None:
            wait = bounded_retry_after(retry_after)
        return evolve(self, state=DeliveryState.PENDING, due_at=since + wait)


def message_id_of(mail: str) -> str:
    """The Message-ID of the mail with an id of ours."""
    return f"<{mail}@leadtracker>"


@frozen
class DeliveryCursor:
    """A place in a listing of messages: behind the one with that id, made at ``created_at``."""

    created_at: datetime = field(validator=check_utc)
    delivery_id: str


@frozen
class DeliveryPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    deliveries: tuple[Delivery, ...]
    next: DeliveryCursor | None

    @classmethod
    def cut(cls, deliveries: list[Delivery], limit: int) -> "DeliveryPage":
        """Make a page of at most ``limit`` of those, of which one more was asked for to know."""
        page = tuple(deliveries[:limit])
        more = len(deliveries) > limit
        return cls(page, DeliveryCursor(page[-1].created_at, page[-1].id) if more else None)
