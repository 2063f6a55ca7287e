"""Contract suite of ``CanaryRuns``."""

from datetime import date, timedelta

from leadtracker.domain.model.deliveries.canary import CanaryFailure, CanaryRun
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

TODAY = date(2026, 11, 18)
THREADS = 4


def make_run(day: date = TODAY, number: int = 1, attempt: int = 1) -> CanaryRun:
    """Build a test in progress."""
    return CanaryRun(day=day, secret=f"secret-{number}", attempt=attempt, started_at=NOW)


def add(unit_of_work: UnitOfWorkFactory, run: CanaryRun) -> bool:
    """Add a test and commit; return whether it was stored."""
    with unit_of_work() as tx:
        is_new = tx.canary_runs.add(run)
        tx.commit()
    return is_new


def save(unit_of_work: UnitOfWorkFactory, run: CanaryRun) -> None:
    """Save a test and commit."""
    with unit_of_work() as tx:
        tx.canary_runs.save(run)
        tx.commit()


class CanaryRunsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_run_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        run = make_run()
        add(unit_of_work, run)
        full = run.received(NOW + MICROSECOND, "delivery-1", "too_fast")
        detail = CanaryDetail.of(CanaryDetailCode.CERTIFICATE, host="firm.example", error="“expired”")
        for changed in (full, full.finished(NOW + DAY, CanaryFailure.TLS, detail)):
            save(unit_of_work, changed)
            with unit_of_work.read_only() as tx:
                assert tx.canary_runs.latest(1) == [changed]

    def test_latest_day_comes_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        runs = [make_run(TODAY + timedelta(days=number), number) for number in (2, 0, 1)]
        for run in runs:
            add(unit_of_work, run)
        with unit_of_work.read_only() as tx:
            assert tx.canary_runs.latest(2) == [runs[0], runs[2]]

    def test_day_has_one_run(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert add(unit_of_work, make_run())
        assert not add(unit_of_work, make_run(number=2))
        with unit_of_work.read_only() as tx:
            assert tx.canary_runs.latest(5) == [make_run()]

    def test_run_is_found_by_its_secret_until_it_is_finished(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_run())
        with unit_of_work() as tx:
            assert tx.canary_runs.find_running("secret-1") == make_run()
            for unknown in ("secret-2", "", "SECRET-1", "\ud800"):
                assert tx.canary_runs.find_running(unknown) is None
        save(unit_of_work, make_run().finished(NOW))
        with unit_of_work() as tx:
            assert tx.canary_runs.find_running("secret-1") is None

    def test_purge_removes_earlier_days_only(self, unit_of_work: UnitOfWorkFactory) -> None:
        for number in range(3):
            add(unit_of_work, make_run(TODAY + timedelta(days=number)))
        with unit_of_work() as tx:
            tx.canary_runs.purge(TODAY + timedelta(days=2))
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert [run.day for run in tx.canary_runs.latest(5)] == [TODAY + timedelta(days=2)]

    def test_of_concurrent_adds_one_is_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        added = run_in_threads(THREADS, lambda number: add(unit_of_work, make_run(number=number)))
        assert sum(added) == 1
