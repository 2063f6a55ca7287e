"""Contract suite of ``EmailWriter``."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import ApiKey
from leadtracker.domain.model.accounts.account_change import AccountChange, AccountNotice
from leadtracker.domain.model.deliveries.canary import CanaryFailure, CanaryRun
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.deliveries.delivery import MAILS, Channel, Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, Digest, Overdue, RetentionSummary
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.domain.model.reports.weekly_summary import Progress, WeeklySummary
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from tests.support.builders import make_follow_up, make_lead, make_report
from tests.support.clock import NOW


class EmailWriterContract:
    """Requires the fixture ``writer``."""

    @pytest.mark.parametrize("kind", MAILS)
    def test_mail_is_addressed_to_recipient(self, writer: EmailWriter, kind: DeliveryKind) -> None:
        email = write(writer, make_delivery(kind, recipient="bob@example.com"), make_full_lead())
        assert email.recipient == "bob@example.com"
        assert email.message_id == "<message-1@leadtracker>"

    @pytest.mark.parametrize("kind", MAILS)
    def test_every_part_has_text(self, writer: EmailWriter, kind: DeliveryKind) -> None:
        email = write(writer, make_delivery(kind), make_full_lead())
        assert len(email.subject.splitlines()) == 1
        assert email.text.strip()
        assert email.html.strip()

    def test_notification_shows_the_lead(self, writer: EmailWriter) -> None:
        lead = make_full_lead()
        email = writer.write(make_delivery(DeliveryKind.NOTIFICATION), lead)
        for shown in (email.text, email.html):
            for value in (lead.full_name, lead.texts["email"], "Please call"):
                assert str(value) in shown

    def test_reminder_shows_lead_and_follow_up(self, writer: EmailWriter) -> None:
        follow_up = make_follow_up(note="Ask for the contract")
        email = writer.write_reminder(make_delivery(DeliveryKind.REMINDER), make_full_lead(), follow_up)
        for shown in (email.text, email.html):
            for value in ("Zoë", "Nguyễn", "18", "2026", "Ask for the contract"):
                assert value in shown

    def test_digest_reports_a_failed_canary(self, writer: EmailWriter) -> None:
        run = CanaryRun(day=date(2026, 11, 18), secret="s", started_at=NOW)
        detail = CanaryDetail.of(CanaryDetailCode.ANSWERED, host="leads.firm.example", status=502)
        failed = run.finished(NOW, CanaryFailure.REJECTED, detail)
        email = writer.write_digest(
            make_delivery(DeliveryKind.DIGEST), make_digest(untouched=[], failed_canary=failed)
        )
        assert email.subject
        for text in (email.text, email.html):
            assert "The form was rejected" in text
            assert "leads.firm.example answered 502." in text

    def test_digest_reports_retention(self, writer: EmailWriter) -> None:
        summary = RetentionSummary(erased=3, soon=MAX_COUNTED + 1, is_news=True)
        email = writer.write_digest(
            make_delivery(DeliveryKind.DIGEST), make_digest(untouched=[], retention=summary)
        )
        assert "3" in email.text
        assert f"{MAX_COUNTED}+" in email.text

    def test_digest_counts_and_names_leads(self, writer: EmailWriter) -> None:
        late, new = make_full_lead(), make_lead("lead-2", first_name="Bob", last_name="Ray")
        digest = make_digest(Overdue(make_follow_up(), late), untouched=[new], number_overdue=77)
        email = writer.write_digest(make_delivery(DeliveryKind.DIGEST), digest)
        for shown in (email.text, email.html):
            for value in ("77", "Zoë Nguyễn", "Bob Ray"):
                assert value in shown

    def test_weekly_report_shows_its_number(self, writer: EmailWriter) -> None:
        email = writer.write_weekly_report(
            make_delivery(DeliveryKind.WEEKLY_REPORT), make_summary(21, make_full_lead())
        )
        for shown in (email.text, email.html):
            for value in ("21", "2026-W46"):
                assert value in shown

    @pytest.mark.parametrize("source", ["fair 2026", None])
    def test_silence_alert_names_source_and_time(self, writer: EmailWriter, source: str | None) -> None:
        silent = SilentSource(source, NOW, 9.4)
        email = writer.write_silence_alert(make_delivery(DeliveryKind.SILENCE_ALERT), silent)
        for shown in (email.text, email.html):
            assert source is None or source in shown
            assert str(NOW.year) in shown

    @pytest.mark.parametrize("kind", [DeliveryKind.INVITATION, DeliveryKind.PASSWORD_RESET])
    def test_link_names_user_and_has_token(self, writer: EmailWriter, kind: DeliveryKind) -> None:
        email = writer.write_account_link(make_delivery(kind), "Zoë", "a-token_1")
        for shown in (email.text, email.html):
            assert "Zoë" in shown
            assert "a-token_1" in shown
        assert "a-token_1" not in email.subject

    @pytest.mark.parametrize("change", AccountChange)
    def test_change_of_account_names_user(self, writer: EmailWriter, change: AccountChange) -> None:
        text = AccountNotice(change, "Zoë Ö").as_text()
        email = writer.write_account_change(make_delivery(DeliveryKind.ACCOUNT_CHANGE, text=text))
        assert "Zoë Ö" in email.text
        assert "Zoë Ö" in email.html

    def test_digest_names_keys_that_expire_soon(self, writer: EmailWriter) -> None:
        key = ApiKey(name="web<site>", role=Role.SENDER, digest="d", created_at=NOW, expires_at=NOW)
        digest = make_digest(untouched=[], expiring_keys=(key,))
        email = writer.write_digest(make_delivery(DeliveryKind.DIGEST), digest)
        assert not digest.is_empty
        assert email.subject
        assert "web<site>" in email.text
        assert "web" in email.html

    def test_acknowledgement_shows_only_first_name(self, writer: EmailWriter) -> None:
        lead = make_full_lead()
        email = writer.write(make_delivery(DeliveryKind.ACKNOWLEDGEMENT), lead)
        assert lead.first_name in email.text
        for secret in (lead.last_name, lead.phone, lead.texts["email"], lead.id, "Please call", "fair 2026"):
            assert str(secret) not in f"{email.subject} {email.text} {email.html}"

    def test_follow_up_mail_contains_text(self, writer: EmailWriter) -> None:
        delivery = make_delivery(DeliveryKind.FOLLOW_UP, text="Shall we talk on Monday?")
        email = writer.write(delivery, make_full_lead())
        assert "Shall we talk on Monday?" in email.text
        assert "Shall we talk on Monday?" in email.html


def write(writer: EmailWriter, delivery: Delivery, lead: Lead) -> Email:  # noqa: PLR0911 - one a kind
    """Write the mail of a delivery about a lead."""
    follow_up = make_follow_up(note=delivery.text)
    if delivery.kind is DeliveryKind.REMINDER:
        return writer.write_reminder(delivery, lead, follow_up)
    if delivery.kind is DeliveryKind.NOTIFICATION_BUNDLE:
        return writer.write_bundle(delivery, [lead, lead])
    if delivery.kind is DeliveryKind.DIGEST:
        return writer.write_digest(delivery, make_digest(Overdue(follow_up, lead), untouched=[lead]))
    if delivery.kind is DeliveryKind.WEEKLY_REPORT:
        return writer.write_weekly_report(delivery, make_summary(21, lead))
    if delivery.kind is DeliveryKind.SILENCE_ALERT:
        return writer.write_silence_alert(delivery, SilentSource("fair 2026", NOW, 9.4))
    if delivery.kind is DeliveryKind.TEST:
        return writer.write_test(delivery)
    if delivery.kind is DeliveryKind.ACCOUNT_CHANGE:
        return writer.write_account_change(evolve(delivery, text="password ann"))
    if delivery.kind in {DeliveryKind.INVITATION, DeliveryKind.PASSWORD_RESET}:
        return writer.write_account_link(delivery, "ann", "token")
    return writer.write(delivery, lead)


def make_summary(number_of_leads: int, lead: Lead) -> WeeklySummary:
    """Build the summary of 2026-W46, whose week before had 17 leads, with all that it can show."""
    progress = Progress.of(None, [lead])
    return WeeklySummary(
        reports=(make_report("2026-W45", 17), make_report("2026-W46", number_of_leads)),
        repeats=4,
        total=progress,
        sources=(evolve(progress, name="fair 2026"), progress),
        owners=(evolve(progress, name="ben"), progress),
        lost_reasons={"too expensive": 3, None: 2},
        time_to_contact=Delays(1, timedelta(minutes=90), timedelta(days=3)),
        digest=make_digest(Overdue(make_follow_up(), lead), untouched=[lead]),
        number_failed=5,
    )


def make_digest(*overdue: Overdue, untouched: list[Lead], **rest: Any) -> Digest:
    """Build a digest that lists all its entries, unless ``rest`` gives larger totals, or other fields."""
    rest = {"number_overdue": len(overdue), "number_untouched": len(untouched)} | rest
    return Digest(overdue=overdue, untouched=tuple(untouched), untouched_for=timedelta(hours=48), **rest)


def make_delivery(kind: DeliveryKind, **rest: Any) -> Delivery:
    """Build a delivery about lead-1; ``rest`` are its fields."""
    given: dict[str, Any] = {
        "id": "message-1",
        "channel": Channel.MAIL,
        "recipient_key": "ann@example.com",
        "recipient": "ann@example.com",
        "lead_id": "lead-1",
        "created_at": NOW,
    }
    return Delivery(kind=kind, **(given | rest))


def make_full_lead(**rest: Any) -> Lead:
    """Build a lead with every field set; ``rest`` replaces single fields."""
    given: dict[str, Any] = {
        "first_name": "Zoë",
        "last_name": "Nguyễn",
        "phone": "+4930123456",
        "message": "Please call\nsoon",
        "source": "fair 2026",
    }
    return make_lead(**(given | rest))
