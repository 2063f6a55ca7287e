"""Mails of one line."""

from leadtracker.domain.model.email import Email
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.message import Message, MessageKind
from leadtracker.domain.ports.email_writer import EmailWriter


class MemoryEmailWriter(EmailWriter):
    """See the port for what it promises. A notification names the lead, a follow-up says its text."""

    def write(self, message: Message, lead: Lead) -> Email:
        text = f"Hello {lead.first_name}"
        if message.kind is MessageKind.NOTIFICATION:
            text = f"{lead.first_name} {lead.last_name}, {lead.email.text}: {lead.message or ''}"
        elif message.text is not None:
            text = f"{text}: {message.text}"
        return Email(
            message_id=message.message_id,
            recipient=message.recipient,
            subject=message.kind.value,
            text=text,
            html=text,
        )

    def write_test(self, message_id: str, recipient: str) -> Email:
        return Email(message_id=message_id, recipient=recipient, subject="test", text="test", html="test")
