"""Roll up the leads of closed days and weeks, so that statistics need not count them again."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from attrs import frozen

from leadtracker.domain.model.reports.cohort_counts import CohortCounts, Period, Rollup
from leadtracker.domain.model.reports.statistics import DelayHistogram, Delays
from leadtracker.domain.model.reports.week import SEALING_DELAY, Week
from leadtracker.domain.model.values.timestamps import TimeRange, day_of
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


@frozen(kw_only=True)
class RollUpLeads:
    """Store the counts of what has closed or changed; called by every scheduler, any number of times.

    Args:
        zone: the time zone in which days and weeks begin.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _zone: tzinfo

    def __call__(self) -> Iterator[Week]:
        """Yield each week after it was rolled up in a unit of work; of the current one, its closed days."""
        closed_until = self._clock.now() - SEALING_DELAY
        with self._unit_of_work.read_only() as tx:
            due = list(self._find_due(tx, closed_until))
        for week, days in due:
            self._roll_up(week, days)
            yield week

    def _find_due(self, tx: UnitOfWork, closed_until: datetime) -> Iterator[tuple[Week, list[TimeRange]]]:
        """Yield the weeks with leads that lack a current rollup, with their days."""
        zone = str(self._zone)
        weeks, days = tx.rollups.starts(zone, Period.WEEK), tx.rollups.starts(zone, Period.DAY)
        rest = TimeRange(None, closed_until)
        while created_at := tx.statistics.next_created(rest):
            week = Week.containing(created_at, self._zone)
            closed = [day for day in self._days(week) if day.end is not None and day.end <= closed_until]
            if week.end <= closed_until and week.start not in weeks:
                yield week, closed
            elif week.end > closed_until and (missing := [day for day in closed if day.start not in days]):
                yield week, missing
            rest = TimeRange(week.end, closed_until)

    def _days(self, week: Week) -> Iterator[TimeRange]:
        start = week.start
        while start < week.end:
            end = min(day_of(start, self._zone)[1], week.end)
            yield TimeRange(start, end)
            start = end

    def _roll_up(self, week: Week, days: list[TimeRange]) -> None:
        """Store the rollups of some days, and of their week if it is whole."""
        zone, whole = str(self._zone), TimeRange(days[0].start, days[-1].end)
        with self._unit_of_work() as tx:
            tx.rollups.begin(whole)
            tx.rollups.remove_other_zones(zone)
            counts = [tx.statistics.counts(day) for day in days]
            for day, counted in zip(days, counts, strict=True):
                tx.rollups.put(zone, _rollup(tx, Period.DAY, day, counted))
            if (whole.start, whole.end) == (week.start, week.end):
                tx.rollups.put(zone, _rollup(tx, Period.WEEK, whole, CohortCounts.sum(counts)))
            tx.commit()


def _rollup(tx: UnitOfWork, period: Period, time_range: TimeRange, counts: CohortCounts) -> Rollup:
    delays = tx.statistics.delays(time_range)
    return Rollup(
        period=period,
        time_range=time_range,
        counts=counts.most_frequent(),
        time_to_contact=Delays.of_all(delays),
        delays=DelayHistogram.of(delays),
    )
