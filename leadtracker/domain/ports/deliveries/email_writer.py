"""Port: composing e-mails."""

from collections.abc import Sequence
from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.deliveries.digest import Digest
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.model.reports.weekly_summary import WeeklySummary
from leadtracker.domain.model.values.email_address import EmailAddress


class EmailNotWritten(Exception):
    """An e-mail could not be composed, and an operator must fix the template.

    Attributes:
        template: the name of the template.
        reason: the type of the error and its line, without personal data.
    """

    def __init__(self, template: str, reason: str) -> None:
        self.template = template
        self.reason = reason
        super().__init__(f"the template {template} cannot be rendered ({reason})")


class EmailWriter(Protocol):
    """Composes e-mails from templates. It is called at the time of sending, so that e-mails are up to date.

    Raises (all methods):
        EmailNotWritten: a template cannot be rendered.
    """

    def write(self, delivery: Delivery, lead: Lead, owner: EmailAddress | None = None) -> Email:
        """Compose an e-mail about a lead, to the prospect or to users.

        Replies of the prospect go to ``owner``, if given; those of users go to the prospect.
        """
        ...

    def write_bundle(self, delivery: Delivery, leads: Sequence[Lead]) -> Email:
        """Compose the e-mail that reports several new leads to users."""
        ...

    def write_reminder(self, delivery: Delivery, lead: Lead, follow_up: FollowUp) -> Email:
        """Compose the e-mail that reminds users of a follow-up."""
        ...

    def write_digest(self, delivery: Delivery, digest: Digest) -> Email:
        """Compose the daily e-mail that lists overdue follow-ups and untouched leads."""
        ...

    def write_weekly_report(self, delivery: Delivery, summary: WeeklySummary) -> Email:
        """Compose the e-mail about a sealed week."""
        ...

    def write_silence_alert(self, delivery: Delivery, silent: SilentSource) -> Email:
        """Compose the e-mail about a source from which no lead has come for improbably long."""
        ...

    def write_account_link(self, delivery: Delivery, user: str, token: str) -> Email:
        """Compose the e-mail with a link by which a user chooses a password.

        Args:
            delivery: an invitation or a password reset.
            user: the user's name.
            token: what the link proves itself by.
        """
        ...

    def write_account_change(self, delivery: Delivery) -> Email:
        """Compose the e-mail about a change of credentials; the text of the delivery states it."""
        ...

    def write_test(self, delivery: Delivery) -> Email:
        """Compose a test e-mail."""
        ...
