"""Statistics that may be a little old where reading them takes long."""

from collections.abc import Callable
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import LeadTrackerError, StorageUnavailable
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics, ReadStatistics
from tests.support.clock import MICROSECOND
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.memory.system import MemoryClock

Started = list[Callable[[], None]]

SECOND = timedelta(seconds=1)


@frozen
class _SlowStatistics(ReadStatistics):
    """Reads as the real one does, and advances the clock; fails while there are errors."""

    _clock: MemoryClock
    _takes: timedelta
    _errors: list[LeadTrackerError]

    def of(self, tx: UnitOfWork, cohort: TimeRange) -> CohortStatistics:
        self._clock.advance(self._takes)
        if self._errors:
            raise self._errors.pop()
        return super().of(tx, cohort)


def captured(app: InMemoryApp, statistics: CachedStatistics) -> int:
    with app.unit_of_work.snapshot() as tx:
        return statistics(tx).funnel.captured


def statistics_of(
    app: InMemoryApp,
    takes: timedelta,
    started: Started | None = None,
    errors: list[LeadTrackerError] | None = None,
) -> CachedStatistics:
    """Return cached statistics that run in the background only what a test takes from ``started``."""
    slow = _SlowStatistics(
        unit_of_work=app.unit_of_work,
        zone=app.zone,
        clock=app.clock,
        takes=takes,
        errors=[] if errors is None else errors,
    )
    waiting: Started = [] if started is None else started
    return CachedStatistics(read_statistics=slow, clock=app.clock, start=waiting.append)


def test_fast_metrics_are_not_cached() -> None:
    app = InMemoryApp()
    statistics = statistics_of(app, timedelta(0))
    for number in range(3):
        assert captured(app, statistics) == number
        app.receive(f"p{number}@example.com")


def test_slow_metrics_are_cached_50_times_longer() -> None:
    app, started = InMemoryApp(), Started()
    statistics = statistics_of(app, SECOND, started)
    assert captured(app, statistics) == 0
    app.receive("ann@example.com")
    app.clock.advance(50 * SECOND - MICROSECOND)
    assert captured(app, statistics) == 0
    assert started == []


def test_no_request_waits_for_slow_metrics_again() -> None:
    app, started = InMemoryApp(), Started()
    statistics = statistics_of(app, SECOND, started)
    assert captured(app, statistics) == 0
    app.receive("ann@example.com")
    app.clock.advance(50 * SECOND)
    before = app.clock.now()
    assert [captured(app, statistics) for _ in range(3)] == [0, 0, 0]
    assert app.clock.now() == before
    [refresh] = started
    refresh()
    assert captured(app, statistics) == 1


def test_failed_refresh_keeps_the_numbers_and_is_repeated() -> None:
    app, started = InMemoryApp(), Started()
    errors: list[LeadTrackerError] = []
    statistics = statistics_of(app, SECOND, started, errors)
    captured(app, statistics)
    app.receive("ann@example.com")
    app.clock.advance(50 * SECOND)
    captured(app, statistics)
    errors.append(StorageUnavailable("the database is busy"))
    started[0]()
    assert captured(app, statistics) == 0
    assert len(started) == 2
    started[1]()
    assert captured(app, statistics) == 1


def test_old_metrics_are_read_again_at_once() -> None:
    app = InMemoryApp()
    statistics = statistics_of(app, SECOND)
    assert captured(app, statistics) == 0
    app.receive("ann@example.com")
    app.clock.advance(timedelta(minutes=15) + MICROSECOND)
    assert captured(app, statistics) == 1
