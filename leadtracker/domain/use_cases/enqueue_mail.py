"""Which mails a lead causes; enqueued in the transaction that stores it."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.message import ACKNOWLEDGED_FOR, Message, MessageKind
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen
class EnqueueMail:
    """Puts messages about a lead into the outbox.

    Attributes:
        notify: who is told of each new lead.
    """

    _ids: IdSource
    _notify: tuple[EmailAddress, ...]

    def for_new(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Acknowledge a new lead to its sender, and tell the staff."""
        acknowledgement = self._message(MessageKind.ACKNOWLEDGEMENT, lead.email, lead, now)
        if tx.outbox.was_acknowledged(lead.email.key, now - ACKNOWLEDGED_FOR):
            acknowledgement = acknowledgement.suppressed()
        told = (self._message(MessageKind.NOTIFICATION, address, lead, now) for address in self._notify)
        tx.outbox.add([acknowledgement, *told])

    def follow_up(self, tx: UnitOfWork, lead: Lead, text: str, now: datetime) -> None:
        """Tell a prospect something."""
        message = self._message(MessageKind.FOLLOW_UP, lead.email, lead, now)
        tx.outbox.add([evolve(message, text=text)])

    def _message(self, kind: MessageKind, recipient: EmailAddress, lead: Lead, now: datetime) -> Message:
        return Message(
            id=self._ids.new_id(now),
            kind=kind,
            recipient=recipient.text,
            recipient_key=recipient.key,
            lead_id=lead.id,
            created_at=now,
            due_at=now,
        )
