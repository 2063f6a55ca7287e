"""Mails with a minimal text."""

from collections.abc import Sequence

from attrs import evolve

from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, Digest
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.model.reports.weekly_summary import WeeklySummary
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.deliveries.email_writer import EmailNotWritten, EmailWriter


class MemoryEmailWriter(EmailWriter):
    """An in-memory ``EmailWriter``, whose mails contain the leads' names and the follow-up's text.

    Attributes:
        unwritable: the kinds of deliveries that fail with ``EmailNotWritten``.
    """

    def __init__(self) -> None:
        self.unwritable: set[DeliveryKind] = set()

    def write(self, delivery: Delivery, lead: Lead, owner: EmailAddress | None = None) -> Email:
        text = f"Hello {lead.first_name}"
        if delivery.kind is DeliveryKind.NOTIFICATION:
            text = f"{_name(lead)}, {lead.texts['email']}: {lead.message or ''}"
        elif delivery.text is not None:
            text = f"{text}: {delivery.text}"
        return evolve(self._email(delivery, text), reply_to=owner.text if owner else None)

    def write_bundle(self, delivery: Delivery, leads: Sequence[Lead]) -> Email:
        return self._email(delivery, "\n".join(map(_name, leads)))

    def write_reminder(self, delivery: Delivery, lead: Lead, follow_up: FollowUp) -> Email:
        return self._email(delivery, f"{_name(lead)}: {follow_up.due_at} {follow_up.note or ''}")

    def write_digest(self, delivery: Delivery, digest: Digest) -> Email:
        overdue = (f"{_name(one.lead)}: {one.follow_up.due_at}" for one in digest.overdue)
        counts = f"{digest.number_overdue} overdue, {digest.number_untouched} untouched"
        canary = digest.failed_canary
        failed = (
            []
            if canary is None or canary.failure is None
            else [f"{canary.failure.label}: {canary.detail and canary.detail.text}"]
        )
        numbers = digest.retention and (digest.retention.erased, digest.retention.soon)
        retained = [f"{min(one, MAX_COUNTED)}{'+' if one > MAX_COUNTED else ''}" for one in numbers or ()]
        keys = [key.name for key in digest.expiring_keys]
        lines = [*failed, counts, *overdue, *map(_name, digest.untouched), *retained, *keys]
        return self._email(delivery, "\n".join(lines))

    def write_weekly_report(self, delivery: Delivery, summary: WeeklySummary) -> Email:
        report = summary.report
        return self._email(delivery, f"{report.week.name}: {report.number_of_leads}")

    def write_account_link(self, delivery: Delivery, user: str, token: str) -> Email:
        return self._email(delivery, f"{user}: {token}")

    def write_account_change(self, delivery: Delivery) -> Email:
        return self._email(delivery, delivery.text or "")

    def write_silence_alert(self, delivery: Delivery, silent: SilentSource) -> Email:
        return self._email(delivery, f"{silent.source}: none since {silent.last_lead_at}")

    def _email(self, delivery: Delivery, text: str) -> Email:
        if delivery.kind in self.unwritable:
            raise EmailNotWritten(delivery.kind, "ValueError")
        return Email(
            message_id=delivery.message_id("leadtracker"),
            recipient=delivery.recipient,
            subject=delivery.kind.value,
            text=text,
            html=text,
        )

    def write_test(self, delivery: Delivery) -> Email:
        return self._email(delivery, "test")


def _name(lead: Lead) -> str:
    return lead.full_name
