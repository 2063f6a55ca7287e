"""Port: what mails say."""

from typing import Protocol

from leadtracker.domain.model.email import Email
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.message import Message


class EmailWriter(Protocol):
    """Writes a mail when it is to be sent, so that it tells how things are then."""

    def write(self, message: Message, lead: Lead) -> Email:
        """The mail for a message about a lead."""
        ...

    def write_test(self, message_id: str, recipient: str) -> Email:
        """A mail that says only that mails arrive; no message in the outbox stands behind it."""
        ...
