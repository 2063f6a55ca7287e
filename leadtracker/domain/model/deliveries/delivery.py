"""Deliveries: e-mails and webhooks, stored until they are sent.

The states are ``pending → sending → sent | failed | cancelled``. Deliveries that must not be sent are
stored as ``cancelled``, so that they stay visible; those cancelled later become ``cancelled`` at send time.
An e-mail is composed when it is sent; the body of a webhook is stored when the event happens.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.errors import NotRetryable
from leadtracker.domain.model.deliveries.backoff import MAIL_DELAYS, bounded_retry_after, delay_after
from leadtracker.domain.model.deliveries.deliverable import Deliverable, Outcome
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import check_utc

ACKNOWLEDGED_FOR = timedelta(hours=24)
"""An address gets at most one acknowledgement within this time.

Otherwise the public form could be used to flood an address with e-mails.
"""


class Channel(StrEnum):
    """The way a delivery is sent; deliveries of one channel never wait for those of another."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class DeliveryKind(StrEnum):
    """The event that a delivery reports; one event may go out over several channels."""

    ACCOUNT_CHANGE = "account_change"
    """An e-mail to a user whose password, second factor or e-mail address was changed."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """An e-mail that thanks the prospect."""
    ASSIGNMENT = "assignment"
    """An e-mail to a user whom another user has made the owner of leads."""
    DIGEST = "digest"
    """The daily e-mail with overdue follow-ups and leads without a first contact."""
    FOLLOW_UP = "follow_up"
    """A user's e-mail to the prospect."""
    INVITATION = "invitation"
    """An e-mail by which a user whom an admin has added chooses a password."""
    NOTIFICATION = "notification"
    """An e-mail that reports a new lead to users."""
    NOTIFICATION_BUNDLE = "notification_bundle"
    """An e-mail that reports several new leads to users at once."""
    PASSWORD_RESET = "password_reset"  # noqa: S105 - is a kind
    """An e-mail by which a user who has forgotten the password chooses another one."""
    REMINDER = "reminder"
    """An e-mail about a follow-up that has come due."""
    SILENCE_ALERT = "silence_alert"
    """An e-mail about a source from which no lead has come for improbably long."""
    TEST = "test"
    """An e-mail by which a user tests whether e-mails arrive."""
    WEEKLY_REPORT = "weekly_report"
    """The e-mail about a sealed week."""
    LEAD_CREATED = "lead.created"
    """A webhook: a lead was captured."""
    LEAD_UPDATED = "lead.updated"
    """A webhook: a lead changed, other than by its state."""
    LEAD_STATE_CHANGED = "lead.state_changed"
    """A webhook: a lead changed its state."""
    LEAD_ERASED = "lead.erased"
    """A webhook: a person was erased."""


EVENTS = (
    DeliveryKind.LEAD_CREATED,
    DeliveryKind.LEAD_UPDATED,
    DeliveryKind.LEAD_STATE_CHANGED,
    DeliveryKind.LEAD_ERASED,
)
"""The lead events, which endpoints receive."""

TO_PROSPECT = frozenset({DeliveryKind.ACKNOWLEDGEMENT, DeliveryKind.FOLLOW_UP})
"""The e-mails that the prospect receives."""

MAILS = tuple(kind for kind in DeliveryKind if kind not in EVENTS)


class DeliveryState(StrEnum):
    """The states of a delivery."""

    PENDING = "pending"
    """It waits for its next attempt."""
    SENDING = "sending"
    """An attempt is in progress."""
    SENT = "sent"
    """The receiver has accepted it."""
    FAILED = "failed"
    """No further attempt will be made, unless a user retries it."""
    CANCELLED = "cancelled"
    """It was not sent, on purpose."""


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED)
"""The states of deliveries that still need an attempt or an operator."""


@frozen(kw_only=True)
class Delivery(Deliverable):
    """One e-mail or webhook to one recipient.

    Attributes:
        recipient: an e-mail address, or the origin of an endpoint, whose URL may hold a secret elsewhere.
        recipient_key: identifies the recipient.
        lead_id: the id of its lead; None if it is not about a single lead.
        follow_up_id: the id of the follow-up that a reminder is about.
        text: a user's text to the prospect, the body of a webhook, the user whose leads a digest lists (None
            for all leads), the ids of the leads in a bundle, that an assignment is one of several, the
            name of the week of a weekly report, the source of a silence alert, empty for none, the id of a
            link, or a change of an account.
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

    @classmethod
    def mail(
        cls,
        delivery_id: str,
        kind: DeliveryKind,
        recipient: EmailAddress,
        now: datetime,
        lead_id: str | None = None,
    ) -> "Delivery":
        """Return an e-mail that is due now."""
        return cls(
            id=delivery_id,
            kind=kind,
            channel=Channel.MAIL,
            recipient=recipient.text,
            recipient_key=recipient.key,
            lead_id=lead_id,
            created_at=now,
            due_at=now,
        )

    def message_id(self, domain: str) -> str:
        """Return the id that every attempt sends, so that the receiver can recognise repetitions.

        It is the Message-ID of an e-mail (RFC 5322) or the webhook-id of a webhook (Standard Webhooks).

        Args:
            domain: the domain of the sender of e-mails.
        """
        return message_id_of(self.id, domain) if self.channel is Channel.MAIL else self.id

    @property
    def cursor(self) -> Cursor:
        """The position after this delivery in a list."""
        return Cursor(self.created_at, self.id)

    @property
    def sent_at(self) -> datetime:
        """When the last attempt ended; for a sent delivery, when it was sent."""
        return self.attempts[-1].finished_at or self.attempts[-1].started_at

    @property
    def is_finished(self) -> bool:
        """True if the delivery was sent or is cancelled."""
        return self.state in {DeliveryState.SENT, DeliveryState.CANCELLED}

    def cancelled(self) -> "Delivery":
        """Return the delivery as cancelled."""
        return evolve(self, state=DeliveryState.CANCELLED, due_at=None)

    def retried(self, now: datetime) -> "Delivery":
        """Return the delivery with another attempt due now.

        Raises:
            NotRetryable: it is neither pending nor failed.
        """
        if self.state not in {DeliveryState.PENDING, DeliveryState.FAILED}:
            raise NotRetryable(self.state)
        return evolve(self, state=DeliveryState.PENDING, due_at=now, epoch=self.epoch + 1)

    def marked_sending(self) -> "Delivery":
        """See the base class."""
        return evolve(self, state=DeliveryState.SENDING)

    def after_attempt(self, since: datetime, retry_after: timedelta | None, fraction: float) -> "Delivery":
        """See the base class; a rejection is final, other failures are retried for about three days."""
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


def message_id_of(mail: str, domain: str) -> str:
    """Return the Message-ID of the e-mail with the delivery id ``mail``, in the domain of its sender.

    Spam filters distrust ids in a domain that does not exist.
    """
    return f"<{mail}@{domain}>"
