"""Weekly reports by schedulers: sealed once, and retried until they are delivered."""

import itertools
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.heartbeat import MAX_HEARTBEAT_GAP
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND, W46_END, W46_START, WEEK, at
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

MINUTE, HOUR, DAY = (timedelta(minutes=minutes) for minutes in (1, 60, 24 * 60))
SEALING = W46_END + 5 * MINUTE
REJECTED, UNREACHABLE, LOST = (
    DeliveryResult(outcome=outcome) for outcome in (Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN)
)


def arrived(app: InMemoryApp) -> list[tuple[str, int]]:
    """The weeks and numbers that the receiver got, in order."""
    return [(report.week.name, report.number_of_leads) for report in app.receiver.arrived]


def states(app: InMemoryApp) -> list[tuple[str, str]]:
    """The weeks of the ledger and how they stand."""
    return [(report.week.name, report.state.value) for report in app.reports()]


def test_first_run_reports_last_week(
    app: InMemoryApp,
) -> None:
    app.tick()
    assert states(app) == [("2026-W46", "delivered")]
    assert arrived(app) == [("2026-W46", 0)]


def test_a_week_counts_its_primary_leads_from_monday_to_before_monday(app: InMemoryApp) -> None:
    for position, timestamp in enumerate(
        [W46_START - MICROSECOND, W46_START, W46_END - MICROSECOND, W46_END]
    ):
        app.clock.set(timestamp)
        app.receive(f"p{position}@example.com", "duplicate@example.com")
    app.clock.set(SEALING)
    app.tick()
    assert arrived(app) == [("2026-W46", 2)]


def test_weeks_use_business_time_zone() -> None:
    app = InMemoryApp(zone=ZoneInfo("America/New_York"))
    for position, time in enumerate(["2026-11-09T04:59:59Z", "2026-11-09T05:00:00Z", "2026-11-16T04:59:59Z"]):
        app.clock.set(at(time))
        app.receive(f"p{position}@example.com")
    app.clock.set(at("2026-11-16T05:04:59.999999Z"))
    app.tick()
    assert [name for name, _ in arrived(app)] == ["2026-W45"]
    app.tick(MICROSECOND)
    assert arrived(app)[1:] == [("2026-W46", 2)]


def test_week_is_sealed_5_minutes_after_end(app: InMemoryApp) -> None:
    app.clock.set(SEALING - WEEK)
    app.tick()
    app.tick(WEEK - MICROSECOND)
    assert [week for week, _ in states(app)] == ["2026-W45"]
    app.tick(MICROSECOND)
    assert [week for week, _ in states(app)] == ["2026-W45", "2026-W46"]


def test_week_is_sealed_and_sent_once(app: InMemoryApp) -> None:
    app.tick()
    for _ in range(3):
        assert app.tick(HOUR) == []
    assert len(app.reports()) == len(app.receiver.arrived) == 1


def test_sealed_number_is_immutable(app: InMemoryApp) -> None:
    app.receiver.expect(UNREACHABLE)
    app.tick()
    late = make_fields(created_at="2026-11-10T00:00:00Z")
    assert len(list(app.import_leads(ADMIN, [ImportRow(2, late)]))) == 1
    app.tick(HOUR)
    assert arrived(app) == [("2026-W46", 0)]
    assert app.read_reports.preview(ADMIN).number_of_leads == 1


@pytest.mark.parametrize(
    ("downtime", "weeks"),
    [
        (1 * DAY, []),
        (8 * DAY, ["2026-W47"]),
        (20 * DAY, ["2026-W47", "2026-W48", "2026-W49"]),
        (35 * DAY, ["2026-W47", "2026-W48", "2026-W49", "2026-W50", "2026-W51"]),
    ],
)
def test_missed_weeks_are_sent_oldest_first(app: InMemoryApp, downtime: timedelta, weeks: list[str]) -> None:
    app.tick()
    app.tick(downtime)
    assert [week for week, _ in arrived(app)] == ["2026-W46", *weeks]


def test_too_old_week_is_marked_missed() -> None:
    app = InMemoryApp(catch_up_weeks=2)
    app.tick()
    app.tick(MAX_HEARTBEAT_GAP)
    assert states(app)[1:] == [
        ("2026-W47", "missed"),
        ("2026-W48", "missed"),
        ("2026-W49", "missed"),
        ("2026-W50", "delivered"),
        ("2026-W51", "delivered"),
    ]
    assert [week for week, _ in arrived(app)] == ["2026-W46", "2026-W50", "2026-W51"]


def test_zone_change_keeps_weeks_contiguous(app: InMemoryApp) -> None:
    app.tick()
    for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
        app.zone = ZoneInfo(zone)
        app.tick(WEEK)
    reports = app.reports()
    assert [report.week.name for report in reports] == ["2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    for former, latter in itertools.pairwise(reports):
        assert former.week.end == latter.week.start


def test_westward_move_does_not_seal_early() -> None:
    app = InMemoryApp(zone=ZoneInfo("Asia/Tokyo"))
    app.clock.set(at("2026-11-15T15:05:00Z"))  # Monday in Tokyo
    app.tick()
    app.zone = ZoneInfo("America/New_York")
    app.clock.set(at("2026-11-16T05:05:00Z"))  # Monday in New York
    app.tick()
    assert states(app) == [("2026-W46", "delivered")]
    app.tick(WEEK)
    _, report = app.reports()
    assert (report.week.name, report.week.start) == ("2026-W47", at("2026-11-15T15:00:00Z"))
    assert report.week.end == at("2026-11-23T05:00:00Z")


@pytest.mark.parametrize("zones", [("Asia/Tokyo", "America/New_York"), ("America/New_York", "Asia/Tokyo")])
@pytest.mark.parametrize("week", ["2026-W45", "2026-W43"])
def test_first_week_bounds_the_ledger(zones: tuple[str, str], week: str) -> None:
    app = InMemoryApp(zone=ZoneInfo(zones[0]))
    app.tick()
    app.zone = ZoneInfo(zones[1])
    app.send_report_now(ADMIN, week)
    reports = app.reports()
    assert [report.week.name for report in reports][:: len(reports) - 1] == [week, "2026-W46"]
    assert len(reports) == 47 - int(week[-2:])
    for former, latter in itertools.pairwise(reports):
        assert former.week.end == latter.week.start


def test_failed_attempt_is_retried_later(app: InMemoryApp) -> None:
    app.receiver.expect(UNREACHABLE, LOST)
    (report,) = app.tick()
    assert report.state is ReportState.PLANNED
    assert app.tick(3 * timedelta(seconds=1)) == []
    (report,) = app.tick(4 * timedelta(seconds=1))
    assert report.state is ReportState.UNKNOWN
    (report,) = app.tick(6 * MINUTE)
    assert report.state is ReportState.DELIVERED
    assert report.may_have_arrived_twice
    assert len({sent.webhook_id for sent in app.receiver.arrived}) == 1


def test_a_week_that_is_rejected_does_not_hold_up_the_next(app: InMemoryApp) -> None:
    app.tick()
    app.receiver.expect(REJECTED)
    app.tick(2 * WEEK)
    assert states(app)[1:] == [("2026-W47", "planned"), ("2026-W48", "delivered")]


def test_stopped_caller_claims_nothing(app: InMemoryApp) -> None:
    app.tick()
    app.clock.advance(2 * WEEK)
    app.seal_weeks()
    next(iter(app.send_due_reports()))
    assert states(app)[1:] == [("2026-W47", "delivered"), ("2026-W48", "planned")]


def test_jump_over_35_days_pauses_sealing(app: InMemoryApp) -> None:
    app.tick()
    jumped = app.clock.advance(MAX_HEARTBEAT_GAP + MICROSECOND)
    sealing = app.seal_weeks()
    assert (sealing.heartbeat.paused_since, sealing.sealed) == (jumped, [])
    app.tick(WEEK)
    assert [week for week, _ in states(app)] == ["2026-W46"]


def test_sealed_weeks_are_sent_while_paused(app: InMemoryApp) -> None:
    app.receiver.expect(UNREACHABLE)
    app.tick()
    app.tick(2 * MAX_HEARTBEAT_GAP)
    assert states(app) == [("2026-W46", "delivered")]


def test_manual_send_resumes_sealing(app: InMemoryApp) -> None:
    app.tick()
    app.tick(70 * DAY)
    sent = app.send_report_now(ADMIN, None)
    assert (sent.week.name, sent.state) == ("2027-W03", ReportState.DELIVERED)
    app.tick()
    assert [state for _, state in states(app)] == ["delivered", "missed", "missed", *["delivered"] * 8]
    assert [week for week, _ in arrived(app)][2:] == [
        f"{year}-W{week:02}"
        for year, week in [(2026, 49), (2026, 50), (2026, 51), (2026, 52), (2026, 53), (2027, 1), (2027, 2)]
    ]
    app.tick(WEEK)
    assert states(app)[-1] == ("2027-W04", "delivered")
