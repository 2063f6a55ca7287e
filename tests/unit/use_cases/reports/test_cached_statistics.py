"""Statistics that may be a little old where reading them takes long."""

from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.reports.statistics import CohortStatistics
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics, ReadStatistics
from tests.support.clock import MICROSECOND
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.memory.system import MemoryClock

SECOND = timedelta(seconds=1)


@frozen
class _SlowStatistics(ReadStatistics):
    """Reads as the real one does, and advances the clock."""

    _clock: MemoryClock
    _takes: timedelta

    def of(self, statistics: LeadStatistics, cohort: TimeRange) -> CohortStatistics:
        self._clock.advance(self._takes)
        return super().of(statistics, cohort)


def captured(app: InMemoryApp, statistics: CachedStatistics) -> int:
    with app.unit_of_work.snapshot() as tx:
        return statistics(tx.statistics).funnel.captured


def statistics_of(app: InMemoryApp, takes: timedelta) -> CachedStatistics:
    slow = _SlowStatistics(unit_of_work=app.unit_of_work, zone=app.zone, clock=app.clock, takes=takes)
    return CachedStatistics(read_statistics=slow, clock=app.clock)


def test_fast_metrics_are_not_cached() -> None:
    app = InMemoryApp()
    statistics = statistics_of(app, timedelta(0))
    for number in range(3):
        assert captured(app, statistics) == number
        app.receive(f"p{number}@example.com")


def test_slow_metrics_are_cached_50_times_longer() -> None:
    app = InMemoryApp()
    statistics = statistics_of(app, SECOND)
    assert captured(app, statistics) == 0
    app.receive("ann@example.com")
    app.clock.advance(50 * SECOND - MICROSECOND)
    assert captured(app, statistics) == 0
    app.clock.advance(MICROSECOND)
    assert captured(app, statistics) == 1
