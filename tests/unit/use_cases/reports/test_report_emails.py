"""E-mails about sealed weeks: one for each recipient, independent of Retool or the log."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import PermissionDenied, ReportNotFound
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.sinks import Sink
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.clock import DAY, W46_START, WEEK
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

HOUR = timedelta(hours=1)
UNREACHABLE = DeliveryResult(
    outcome=Outcome.NOT_SENT, detail=AttemptDetail(DetailCode.SMTP_UNREACHABLE, host="mx")
)


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp(report_to="owner@example.com, partner@example.com")


def work(app: InMemoryApp, step: timedelta = timedelta(0)) -> None:
    """Advance the clock, seal, and send what is due, as a scheduler does."""
    app.tick(step)
    list(app.deliver_notifications.mail())


def work_for_days(app: InMemoryApp, days: int) -> None:
    for _ in range(24 * days):
        work(app, HOUR)


def recipients(app: InMemoryApp) -> list[str]:
    return [email.recipient for email in app.email_sender.arrived]


def sinks(app: InMemoryApp) -> list[tuple[Sink, ReportState, int]]:
    """The deliveries of the only sealed week: sink, state, and number of attempts."""
    [reported] = app.read_reports.with_deliveries(ADMIN, app.reports())
    return [(one.sink, one.state, len(one.attempts)) for one in reported.deliveries]


def test_sealed_week_is_mailed_to_each_recipient_once(app: InMemoryApp) -> None:
    for _ in range(3):
        work(app, HOUR)
    assert sorted(recipients(app)) == ["owner@example.com", "partner@example.com"]
    assert [email.text for email in app.email_sender.arrived] == ["2026-W46: 0"] * 2
    assert sinks(app) == [
        (Sink.LOG, ReportState.DELIVERED, 1),
        (Sink.EMAIL, ReportState.DELIVERED, 1),
        (Sink.EMAIL, ReportState.DELIVERED, 1),
    ]


def test_mail_arrives_once_while_the_receiver_is_down_for_a_day(app: InMemoryApp) -> None:
    app.receiver.expect(*[UNREACHABLE] * 5)
    work(app)
    assert len(recipients(app)) == 2
    assert sinks(app)[0] == (Sink.LOG, ReportState.PLANNED, 1)
    work_for_days(app, 2)
    assert len(recipients(app)) == 2
    assert sinks(app) == [
        (Sink.LOG, ReportState.DELIVERED, 6),
        (Sink.EMAIL, ReportState.DELIVERED, 1),
        (Sink.EMAIL, ReportState.DELIVERED, 1),
    ]
    assert [report.webhook_id for report in app.receiver.arrived] == ["lt-week-2026-W46"]


def test_number_arrives_once_while_mail_is_down_for_a_day(app: InMemoryApp) -> None:
    app.email_sender.expect(*[UNREACHABLE] * 12)
    work(app)
    assert [report.week.name for report in app.receiver.arrived] == ["2026-W46"]
    work_for_days(app, 3)
    assert [report.week.name for report in app.receiver.arrived] == ["2026-W46"]
    assert sorted(recipients(app)) == ["owner@example.com", "partner@example.com"]
    assert sinks(app)[0] == (Sink.LOG, ReportState.DELIVERED, 1)
    assert sum(attempts for _, _, attempts in sinks(app)[1:]) == 14


def test_mail_of_unknown_fate_is_repeated_with_its_id(app: InMemoryApp) -> None:
    app.report_to = "owner@example.com"
    app.email_sender.expect(DeliveryResult(outcome=Outcome.UNKNOWN))
    work(app)
    assert sinks(app)[1] == (Sink.EMAIL, ReportState.UNKNOWN, 1)
    work(app, HOUR)
    first, second = app.email_sender.arrived
    assert first.message_id == second.message_id


def test_missed_weeks_are_not_mailed(app: InMemoryApp) -> None:
    app.catch_up_weeks = 2
    work(app)
    app.clock.advance(5 * WEEK)
    app.seal_weeks()
    app.report_email.send(ADMIN, "2026-W46")  # resumes nothing, but mails this week once more
    list(app.deliver_notifications.mail())
    assert sorted({email.text for email in app.email_sender.arrived}) == [
        "2026-W46: 0",
        "2026-W50: 0",
        "2026-W51: 0",
    ]


@pytest.mark.parametrize(
    ("report_to", "notify", "expected"),
    [(None, True, ["office@example.com"]), (None, False, ["ada@example.com"]), ("off", True, [])],
)
def test_recipients_follow_from_the_settings(
    app: InMemoryApp, report_to: str | None, expected: list[str], *, notify: bool
) -> None:
    app.report_to = report_to
    app.notify = (EmailAddress.parse("office@example.com"),) if notify else ()
    app.manage_users.add(ADMIN, "ada", Role.ADMIN, "correct horse battery", email="ada@example.com")
    app.manage_users.add(ADMIN, "vic", Role.VIEWER, "correct horse battery", email="vic@example.com")
    work(app)
    assert recipients(app) == expected


def test_summary_counts_leads_of_week(app: InMemoryApp) -> None:
    app.clock.set(W46_START)
    ann, _, bob = app.receive("ann@example.com", "ann@example.com", "bob@example.com")
    app.clock.advance(DAY)
    app.update_lead(ADMIN, ann.id, {"state": "REACHED_OUT", "owner": None, "source": "fair"})
    app.update_lead(ADMIN, bob.id, {"state": "LOST", "lost_reason": "no answer"})
    work(app, WEEK)
    with app.unit_of_work.read_only() as tx:
        summary = app.container.read_weekly_summary()(tx, "2026-W46", app.clock.now())
    assert (summary.report.number_of_leads, summary.number_before, summary.repeats) == (2, None, 1)
    total = summary.total
    assert (total.captured, total.contacted, total.converted, total.lost) == (2, 1, 0, 1)
    assert [(one.name, one.captured) for one in summary.sources] == [(None, 1), ("fair", 1)]
    assert summary.lost_reasons == {"no answer": 1}
    assert summary.owners == ()
    assert summary.time_to_contact.median == DAY


def test_week_that_is_not_sealed_has_no_mail(app: InMemoryApp) -> None:
    with pytest.raises(ReportNotFound):
        app.report_email.preview(ADMIN, None)
    with pytest.raises(ReportNotFound):
        app.report_email.send(ADMIN, "2026-W46")


def test_agents_preview_and_admins_send(app: InMemoryApp) -> None:
    work(app)
    assert app.report_email.preview(AGENT, None).text == "2026-W46: 0"
    assert app.report_email.send(ADMIN, None) == 2
    with pytest.raises(PermissionDenied):
        app.report_email.send(AGENT, None)
