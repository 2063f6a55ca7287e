"""Weekly reports by hand: asked for, sent, sent again, previewed, read."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leadtracker.domain.errors import (
    InvalidInput,
    PermissionDenied,
    ReportInProgress,
    ReportNotFound,
    WeekNotClosed,
    WeekTooOld,
)
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.model.deliveries.deliverable import LEASE, DeliveryResult, Outcome
from leadtracker.domain.model.reports.heartbeat import MAX_HEARTBEAT_GAP
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from tests.support.builders import make_week
from tests.support.clock import MICROSECOND, NOW, WEEK, at
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

Ask = Callable[..., WeeklyReport]
UNREACHABLE = DeliveryResult(outcome=Outcome.NOT_SENT)


@pytest.fixture(params=["request", "send"])
def ask(request: pytest.FixtureRequest, app: InMemoryApp) -> Ask:
    """Either way of asking for a report by hand."""
    return app.schedule_report if request.param == "request" else app.send_report_now


def claim(app: InMemoryApp, week: str) -> None:
    """Have another process begin to send a report."""
    with app.unit_of_work() as tx:
        report = tx.ledger.get(week)
        tx.ledger.replace(report.claim(app.clock.now()), epoch=report.epoch)
        tx.commit()


def test_sending_seals_and_delivers(app: InMemoryApp) -> None:
    app.clock.set(NOW - WEEK)
    app.receive("ann@example.com", "ann@example.com")
    app.clock.set(NOW)
    report = app.send_report_now(ADMIN, None)
    assert (report.week.name, report.number_of_leads) == ("2026-W46", 1)
    assert (report.state, report.sealed_at) == (ReportState.DELIVERED, NOW)
    assert app.reports() == [report]


def test_scheduled_report_is_sent_later(app: InMemoryApp) -> None:
    report = app.schedule_report(ADMIN, None)
    assert (report.week.name, report.state) == ("2026-W46", ReportState.PLANNED)
    assert app.reports() == [report]
    assert [done.state for done in app.send_due_reports()] == [ReportState.DELIVERED]


def test_closed_week_is_selected_by_name(app: InMemoryApp, ask: Ask) -> None:
    assert ask(ADMIN, "2026-W40").week == make_week("2026-W40")
    assert [report.week.name for report in app.reports()] == ["2026-W40"]


def test_weeks_in_between_are_sealed(app: InMemoryApp, ask: Ask) -> None:
    ask(ADMIN, "2026-W43")
    ask(ADMIN, "2026-W46")
    assert [report.week.name for report in app.reports()] == [f"2026-W{n}" for n in range(43, 47)]


@pytest.mark.parametrize("begun", [None, "2026-W46", "2026-W30"], ids=["never", "last week", "long ago"])
def test_only_recent_week_is_caught_up(app: InMemoryApp, ask: Ask, begun: str | None) -> None:
    if begun is not None:
        app.clock.set(make_week(begun).sealable_from)
        app.tick()
    app.clock.set(NOW)
    assert ask(ADMIN, "2026-W36").week.name == "2026-W36"
    app.tick()
    ledger = [(report.week.name, report.state.value) for report in app.reports()]
    caught_up = [(f"2026-W{n}", "delivered") for n in range(39, 47)]
    missed = [("2026-W37", "missed"), ("2026-W38", "missed")]
    assert ledger[-11:] == [("2026-W36", "delivered"), *missed, *caught_up]
    assert {state for _, state in ledger[1:-11]} == ({"missed"} if begun == "2026-W30" else set())


@pytest.mark.parametrize(
    ("has_begun", "too_early", "earliest", "rows"),
    [(False, "2016-W47", "2016-W48", 520), (True, "2016-W46", "2016-W47", 520 + 1)],
)
def test_a_week_is_rejected_that_would_put_more_than_ten_years_before_the_ledger(
    app: InMemoryApp, ask: Ask, too_early: str, earliest: str, rows: int, *, has_begun: bool
) -> None:
    if has_begun:
        app.tick()
    for week in ("0001-W02", "1996-W01", too_early):
        with pytest.raises(WeekTooOld) as raised:
            ask(ADMIN, week)
        assert raised.value.earliest == earliest
    assert ask(ADMIN, earliest).week.name == earliest
    app.tick()
    assert len(app.reports()) == rows


def test_a_week_that_ended_long_after_the_last_row_is_not_rejected(app: InMemoryApp, ask: Ask) -> None:
    app.tick()
    app.clock.advance(600 * WEEK)
    assert ask(ADMIN, None).week == Week.last_closed(app.clock.now(), app.zone)
    assert len(app.reports()) == 601


@pytest.mark.parametrize("week", ["2026-W47", "2026-W48", "2999-W01"])
def test_a_week_that_can_still_get_leads_is_rejected(app: InMemoryApp, ask: Ask, week: str) -> None:
    with pytest.raises(WeekNotClosed) as raised:
        ask(ADMIN, week)
    closes = Week.named(week, app.zone).end + timedelta(minutes=5)
    assert (raised.value.week, raised.value.sealable_from) == (week, closes)
    assert app.reports() == []


def test_week_is_sendable_5_minutes_later(app: InMemoryApp, ask: Ask) -> None:
    app.clock.set(at("2026-11-23T00:05:00Z") - MICROSECOND)
    with pytest.raises(WeekNotClosed):
        ask(ADMIN, "2026-W47")
    assert ask(ADMIN, None).week.name == "2026-W46"
    app.clock.advance(MICROSECOND)
    assert ask(ADMIN, "2026-W47").week.name == "2026-W47"


@pytest.mark.parametrize("week", ["", "last", "2026-W54", "2026-46"])
def test_a_name_that_is_no_week_is_rejected(app: InMemoryApp, ask: Ask, week: str) -> None:
    for asking in (ask, app.read_reports.preview):
        with pytest.raises(InvalidInput) as raised:
            asking(ADMIN, week)
        assert [error.field for error in raised.value.errors] == ["week"]


def test_delivered_week_is_unchanged(app: InMemoryApp, ask: Ask) -> None:
    delivered = app.send_report_now(ADMIN, None)
    app.clock.advance(WEEK)
    assert ask(ADMIN, "2026-W46") == delivered
    assert app.read_reports.one(ADMIN, "2026-W46") == delivered
    assert len(app.receiver.arrived) == 1


def test_again_flag_resends_it(app: InMemoryApp, ask: Ask) -> None:
    app.send_report_now(ADMIN, None)
    ask(ADMIN, "2026-W46", again=True)
    app.tick()
    (report,) = app.reports()
    assert report.state is ReportState.DELIVERED
    assert [attempt.outcome for attempt in report.attempts] == [Outcome.DELIVERED] * 2
    assert len({sent.webhook_id for sent in app.receiver.arrived}) == 1


@pytest.mark.parametrize("again", [True, False])
def test_week_being_sent_is_busy(app: InMemoryApp, ask: Ask, *, again: bool) -> None:
    app.schedule_report(ADMIN, None)
    claim(app, "2026-W46")
    app.clock.advance(LEASE - MICROSECOND)
    with pytest.raises(ReportInProgress) as raised:
        ask(ADMIN, None, again=again)
    assert raised.value.week == "2026-W46"
    assert app.receiver.arrived == []


def test_expired_lease_is_taken_over(app: InMemoryApp, ask: Ask) -> None:
    app.schedule_report(ADMIN, None)
    claim(app, "2026-W46")
    app.clock.advance(LEASE)
    ask(ADMIN, None)
    app.tick()
    (report,) = app.reports()
    assert [attempt.outcome for attempt in report.attempts] == [Outcome.UNKNOWN, Outcome.DELIVERED]
    assert report.may_have_arrived_twice


def test_manual_send_skips_the_backoff(app: InMemoryApp, ask: Ask) -> None:
    app.receiver.expect(*[UNREACHABLE] * 3)
    app.send_report_now(ADMIN, None)
    for _ in range(2):
        app.tick(timedelta(minutes=6))
    ask(ADMIN, None)
    app.tick()
    assert app.reports()[0].state is ReportState.DELIVERED


def test_send_returns_the_failure(app: InMemoryApp) -> None:
    app.receiver.expect(UNREACHABLE)
    report = app.send_report_now(ADMIN, None)
    assert (report.state, report.attempts[0].outcome) == (ReportState.PLANNED, Outcome.NOT_SENT)
    assert report.due_at is not None
    assert app.reports() == [report]


def test_a_rejected_request_does_not_say_that_the_clock_is_right(app: InMemoryApp, ask: Ask) -> None:
    app.tick()
    app.tick(MAX_HEARTBEAT_GAP + MICROSECOND)
    for week in ("2999-W01", "nonsense"):
        with pytest.raises((WeekNotClosed, InvalidInput)):
            ask(ADMIN, week)
    assert app.seal_weeks().heartbeat.is_paused
    ask(ADMIN, None)
    assert not app.seal_weeks().heartbeat.is_paused


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_send_permission_is_required(app: InMemoryApp, ask: Ask, actor: Actor) -> None:
    with pytest.raises(PermissionDenied):
        ask(actor, None)
    assert app.reports() == []


def test_preview_changes_nothing(app: InMemoryApp) -> None:
    app.receive("ann@example.com", "ann@example.com", "bob@example.com")
    open_week = app.read_reports.preview(VIEWER, "2026-W47")
    assert (open_week.week, open_week.number_of_leads) == (make_week("2026-W47"), 2)
    closed = app.read_reports.preview(VIEWER)
    assert (closed.week, closed.number_of_leads) == (make_week("2026-W46"), 0)
    assert (app.reports(), app.receiver.arrived) == ([], [])


def test_abandoned_claim_reads_as_crash(app: InMemoryApp) -> None:
    app.schedule_report(ADMIN, None)
    claim(app, "2026-W46")
    assert app.read_reports.one(VIEWER, "2026-W46").state is ReportState.SENDING
    app.clock.advance(LEASE)
    one = app.read_reports.one(VIEWER, "2026-W46")
    assert (one.state, one.attempts[0].outcome) == (ReportState.UNKNOWN, Outcome.UNKNOWN)
    assert app.read_reports.all(VIEWER) == [one]
    assert app.reports()[0].state is ReportState.SENDING


def test_missing_report_is_not_found(app: InMemoryApp) -> None:
    app.tick()
    for week in ("2026-W45", "nonsense"):
        with pytest.raises(ReportNotFound):
            app.read_reports.one(VIEWER, week)


def test_reports_are_not_public(app: InMemoryApp) -> None:
    reads = (
        lambda: app.read_reports.all(PUBLIC),
        lambda: app.read_reports.one(PUBLIC, "2026-W46"),
        lambda: app.read_reports.preview(PUBLIC),
    )
    for read in reads:
        with pytest.raises(PermissionDenied):
            read()
