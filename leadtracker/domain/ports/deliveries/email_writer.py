"""Port: what mails say."""

from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.deliveries.digest import Digest
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead


class EmailNotWritten(Exception):
    """A mail could not be written, which somebody must mend; the text names what is broken and nobody."""


class EmailWriter(Protocol):
    """Writes a mail when it is to be sent, so that it tells how things are then.

    All of these may raise:
        EmailNotWritten: what the mail should say cannot be put into words.
    """

    def write(self, delivery: Delivery, lead: Lead) -> Email:
        """The mail for a message about a lead, to the prospect or to the staff."""
        ...

    def write_reminder(self, delivery: Delivery, lead: Lead, follow_up: FollowUp) -> Email:
        """The mail that reminds the staff of a follow-up."""
        ...

    def write_digest(self, delivery: Delivery, digest: Digest) -> Email:
        """The mail that tells the staff what waits for them."""
        ...

    def write_test(self, message_id: str, recipient: str) -> Email:
        """A mail that says only that mails arrive; no message in the outbox stands behind it."""
        ...
