"""Contract suite of ``ReportLedger``."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import ReportNotFound
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import LEASE, Attempt, DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_report
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

NO_ANSWER = AttemptDetail(DetailCode.HTTP_UNANSWERED, host="example.com", error="ConnectError")
DELIVERED = DeliveryResult(
    outcome=Outcome.DELIVERED, status=200, detail=AttemptDetail(DetailCode.WRITTEN_TO_LOG)
)
UNREACHABLE = DeliveryResult(outcome=Outcome.NOT_SENT, detail=NO_ANSWER)
THREADS = 8
Step = Callable[[WeeklyReport], WeeklyReport]


def add(unit_of_work: UnitOfWorkFactory, *reports: WeeklyReport) -> list[bool]:
    """Add rows and commit."""
    with unit_of_work() as tx:
        added = [tx.ledger.add(report) for report in reports]
        tx.commit()
    return added


def replace(unit_of_work: UnitOfWorkFactory, report: WeeklyReport, *, epoch: int) -> bool:
    """Replace a row and commit."""
    with unit_of_work() as tx:
        stored = tx.ledger.replace(report, epoch=epoch)
        tx.commit()
    return stored


def claim(now: datetime) -> Step:
    """Return the step that begins an attempt."""
    return lambda report: report.claim(now)


def record_result(result: DeliveryResult, now: datetime) -> Step:
    """Return the step that records the result of the attempt."""
    return lambda report: report.record_result(result, now, 0.5)


def change(unit_of_work: UnitOfWorkFactory, *steps: Step) -> WeeklyReport:
    """Apply ``steps`` to the report of 2026-W46, storing it after each, and return the final report."""
    report = read(unit_of_work)
    for step in steps:
        report, known = step(report), report
        assert replace(unit_of_work, report, epoch=known.epoch)
    return report


def read(unit_of_work: UnitOfWorkFactory, week: str = "2026-W46") -> WeeklyReport:
    """Return a committed row."""
    with unit_of_work.read_only() as tx:
        return tx.ledger.get(week)


class ReportLedgerContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_report_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        planned = make_report(now=NOW + MICROSECOND, number_of_leads=2**40)
        missed = make_report("2026-W45", 0, missed=True)
        assert add(unit_of_work, planned, missed) == [True, True]
        assert [read(unit_of_work, "2026-W46"), read(unit_of_work, "2026-W45")] == [planned, missed]

    def test_week_without_a_report_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        with pytest.raises(ReportNotFound) as raised:
            read(unit_of_work, "2026-W47")
        assert raised.value.name == "2026-W47"

    def test_week_is_added_only_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        again = make_report(number_of_leads=99)
        assert add(unit_of_work, make_report(), again, make_report("2026-W47")) == [
            True,
            False,
            True,
        ]
        assert add(unit_of_work, again) == [False]
        assert read(unit_of_work) == make_report()

    def test_start_times_are_unique(self, unit_of_work: UnitOfWorkFactory) -> None:
        report = make_report()
        renamed = evolve(report, week=evolve(report.week, name="2026-W99"))
        assert add(unit_of_work, report, renamed) == [True, False]

    def test_concurrent_adds_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        added = run_in_threads(THREADS, lambda number: add(unit_of_work, make_report("2026-W46", number)))
        assert sorted(added) == [[False]] * (THREADS - 1) + [[True]]
        assert read(unit_of_work).number_of_leads == added.index([True])

    def test_reports_are_listed_by_week(self, unit_of_work: UnitOfWorkFactory) -> None:
        weeks = ["2027-W01", "2026-W09", "2026-W46", "2026-W10"]
        add(unit_of_work, *map(make_report, weeks))
        change(unit_of_work, claim(NOW))
        with unit_of_work.read_only() as tx:
            names = [report.week.name for report in tx.ledger.all()]
            ends = tx.ledger.first(), tx.ledger.last()
        assert names == ["2026-W09", "2026-W10", "2026-W46", "2027-W01"]
        assert ends == (make_report("2026-W09"), make_report("2027-W01"))

    def test_first_and_last_report_have_attempts(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        claimed = change(unit_of_work, claim(NOW))
        with unit_of_work.read_only() as tx:
            assert tx.ledger.first() == tx.ledger.last() == claimed

    def test_empty_ledger_has_no_first_or_last(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert (tx.ledger.first(), tx.ledger.last()) == (None, None)
            assert tx.ledger.all() == tx.ledger.due(NOW) == []

    def test_every_report_state_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        claimed = change(unit_of_work, claim(NOW))
        assert read(unit_of_work) == claimed
        attempted = change(unit_of_work, record_result(DELIVERED, NOW))
        assert read(unit_of_work) == attempted
        assert attempted.state is ReportState.DELIVERED

    def test_stale_epoch_changes_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        late = change(unit_of_work, claim(NOW))
        after = NOW + LEASE
        winner = change(unit_of_work, claim(after))
        lost = late.record_result(DELIVERED, after, 0.5)
        assert replace(unit_of_work, lost, epoch=late.epoch) is False
        assert read(unit_of_work) == winner

    def test_missing_week_cannot_be_replaced(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert replace(unit_of_work, make_report().claim(NOW), epoch=0) is False
        with unit_of_work.read_only() as tx:
            assert tx.ledger.all() == []

    def test_concurrent_claims_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        claims = [make_report().claim(NOW + number * MICROSECOND) for number in range(THREADS)]
        stored = run_in_threads(THREADS, lambda n: replace(unit_of_work, claims[n], epoch=0))
        assert stored.count(True) == 1
        assert read(unit_of_work) == claims[stored.index(True)]

    def test_sealed_number_is_immutable(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report(number_of_leads=3))
        forged = evolve(make_report(number_of_leads=4, now=NOW - LEASE), epoch=1)
        assert replace(unit_of_work, forged, epoch=0)
        stored = read(unit_of_work)
        assert (stored.number_of_leads, stored.sealed_at) == (3, NOW)

    def test_attempts_are_never_lost(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report(), make_report("2026-W45"))
        now, report = NOW, make_report()
        for _ in range(4):
            change(unit_of_work, claim(now))
            now += timedelta(days=1)  # every second attempt is a crash
            change(unit_of_work, claim(now))
            report = change(
                unit_of_work,
                record_result(UNREACHABLE, now),
            )
            now += timedelta(days=1)
        assert read(unit_of_work) == report
        assert [attempt.number for attempt in report.attempts] == list(range(1, 9))
        assert {attempt.outcome for attempt in report.attempts[::2]} == {Outcome.UNKNOWN}
        assert read(unit_of_work, "2026-W45").attempts == ()

    def test_open_attempt_has_no_outcome(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        change(unit_of_work, claim(NOW))
        assert read(unit_of_work).attempts == (Attempt(number=1, started_at=NOW),)

    def test_due_reports_are_listed_oldest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report("2026-W46"), make_report("2026-W45", now=NOW + MICROSECOND))
        add(unit_of_work, make_report("2026-W44", missed=True))
        assert due(unit_of_work, NOW - MICROSECOND) == []
        assert due(unit_of_work, NOW) == ["2026-W46"]
        assert due(unit_of_work, NOW + MICROSECOND) == ["2026-W45", "2026-W46"]

    def test_claimed_report_is_due_after_its_lease(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        change(unit_of_work, claim(NOW))
        assert due(unit_of_work, NOW + LEASE - MICROSECOND) == []
        assert due(unit_of_work, NOW + LEASE) == ["2026-W46"]

    def test_abandoned_report_waits_for_its_backoff(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        change(
            unit_of_work,
            claim(NOW),
            record_result(UNREACHABLE, NOW),
            claim(NOW),
        )
        assert due(unit_of_work, NOW + LEASE) == []
        assert due(unit_of_work, NOW + timedelta(minutes=5)) == ["2026-W46"]

    def test_delivered_report_is_never_due(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_report())
        change(
            unit_of_work,
            claim(NOW),
            record_result(DELIVERED, NOW),
        )
        assert due(unit_of_work, NOW + timedelta(days=365)) == []


def due(unit_of_work: UnitOfWorkFactory, now: datetime) -> list[str]:
    """Return the names of the due weeks, in the order of the ledger."""
    with unit_of_work.read_only() as tx:
        return [report.week.name for report in tx.ledger.due(now)]
