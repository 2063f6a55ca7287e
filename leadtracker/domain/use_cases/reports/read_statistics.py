"""Statistics about the leads of a cohort, read afresh or from a short-lived cache."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from threading import Lock, Thread

from attrs import define, field, frozen

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.reports.cohort_counts import (
    CohortCounts,
    CohortStatistics,
    GroupCounts,
    Period,
    Rollup,
    WeekCounts,
)
from leadtracker.domain.model.reports.statistics import MAX_SOURCES, DelayHistogram, Delays
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

RECENT = timedelta(days=30)
_CACHE_FACTOR = 50
_SLOW = timedelta(milliseconds=20)
_MAX_AGE = timedelta(minutes=15)


@frozen
class _Part:
    """The leads of a cohort that were created within a range; ``time_to_contact`` if it is a whole week."""

    time_range: TimeRange
    counts: CohortCounts
    delays: DelayHistogram
    time_to_contact: Delays | None = None

    @property
    def start(self) -> datetime:
        """The start of the range."""
        if self.time_range.start is None:
            raise ValueError("A part has a start.")
        return self.time_range.start


@frozen(kw_only=True)
class ReadStatistics:
    """Count the leads that were created within a time range, and the states they have reached since.

    Args:
        zone: the time zone in which weeks begin.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _zone: tzinfo

    def __call__(self, actor: Actor, cohort: TimeRange) -> CohortStatistics:
        """Return the statistics of a cohort; every number counts the same leads.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.snapshot() as tx:
            return self.of(tx, cohort)

    def export(self, actor: Actor, cohort: TimeRange) -> CohortStatistics:
        """Return what ``__call__`` returns, for a download; the audit log has an entry before that.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        statistics = self(actor, cohort)
        with self._unit_of_work() as tx:
            now = self._clock.now()
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.STATISTICS_EXPORTED, now))
            tx.commit()
        return statistics

    def snapshot(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work in which every number counts the same leads."""
        return self._unit_of_work.snapshot()

    def of(self, tx: UnitOfWork, cohort: TimeRange) -> CohortStatistics:
        """Return the statistics of a cohort within the caller's transaction, without authorisation."""
        parts = list(self._parts(tx, cohort))
        counts = CohortCounts.sum(part.counts for part in parts)
        return CohortStatistics(
            time_range=cohort,
            counts=counts.most_frequent(MAX_SOURCES),
            weeks=tuple(self._weeks(tx, parts)),
            time_to_contact=_time_to_contact(tx, cohort, parts),
        )

    def _parts(self, tx: UnitOfWork, cohort: TimeRange) -> Iterator[_Part]:
        """Yield the parts of a cohort, which lie within a week each: of rollups where there are any."""
        for week in _with_gaps(tx.rollups.current(str(self._zone), Period.WEEK, cohort), cohort):
            if isinstance(week, Rollup):
                yield _Part(week.time_range, week.counts, week.delays, week.time_to_contact)
                continue
            for day in _with_gaps(tx.rollups.current(str(self._zone), Period.DAY, week), week):
                if isinstance(day, Rollup):
                    yield _Part(day.time_range, day.counts, day.delays)
                else:
                    yield from self._counted(tx, day)

    def _counted(self, tx: UnitOfWork, gap: TimeRange) -> Iterator[_Part]:
        """Count the leads of a range week by week, without those that have none."""
        rest = gap
        while created_at := tx.statistics.next_created(rest):
            week = Week.containing(created_at, self._zone)
            part = TimeRange(created_at, _earlier(week.end, gap.end))
            delays = DelayHistogram.of(tx.statistics.delays(part))
            yield _Part(part, tx.statistics.counts(part), delays)
            rest = TimeRange(week.end, gap.end)

    def _weeks(self, tx: UnitOfWork, parts: Iterable[_Part]) -> Iterator[WeekCounts]:
        for week, group in groupby(parts, self._week_of):
            parts_of_week = list(group)
            first, last = parts_of_week[0], parts_of_week[-1]
            total = GroupCounts.sum(part.counts.total for part in parts_of_week)
            time_to_contact = first.time_to_contact
            if time_to_contact is None:
                within = TimeRange(first.start, last.time_range.end)
                time_to_contact = _time_to_contact(tx, within, parts_of_week)
            if total.captured:
                yield WeekCounts(week, total, time_to_contact)

    def _week_of(self, part: _Part) -> Week:
        return Week.containing(part.start, self._zone)


def start_thread(work: Callable[[], None]) -> None:
    """Do some work in a new thread."""
    Thread(target=work, name="statistics", daemon=True).start()


@define(kw_only=True)
class CachedStatistics:
    """Cache for 50 times the query's duration, so that the query uses at most 2 % of wall-clock time.

    With few leads the cache expires at once and the statistics are current. Where the query takes longer than
    ``_SLOW``, no request waits for it again: requests get the numbers before, up to ``_MAX_AGE`` old, while
    ``start`` runs the query. If it fails there, these numbers stay. Threads may share an instance.
    """

    _read_statistics: ReadStatistics
    _clock: Clock
    _start: Callable[[Callable[[], None]], None] = start_thread
    _cohort: CohortStatistics | None = field(default=None, init=False)
    _ended: datetime | None = field(default=None, init=False)
    _took: timedelta = field(default=timedelta(0), init=False)
    _refreshing: Lock = field(factory=Lock, init=False)

    def __call__(self, tx: UnitOfWork) -> CohortStatistics:
        """Return the statistics of the leads that were created within ``RECENT``."""
        cohort, ended, took = self._cohort, self._ended, self._took
        if cohort is None or ended is None:
            return self._read(tx)
        age = self._clock.now() - ended
        if age < _CACHE_FACTOR * took:
            return cohort
        if took < _SLOW or age > _MAX_AGE:
            return self._read(tx)
        if self._refreshing.acquire(blocking=False):
            self._start(self._refresh)
        return cohort

    def _refresh(self) -> None:
        try:
            with suppress(LeadTrackerError), self._read_statistics.snapshot() as tx:
                self._read(tx)
        finally:
            self._refreshing.release()

    def _read(self, tx: UnitOfWork) -> CohortStatistics:
        began = self._clock.now()
        cohort = self._read_statistics.of(tx, TimeRange(began - RECENT, None))
        ended = self._clock.now()
        self._cohort, self._ended, self._took = cohort, ended, ended - began
        return cohort


def _time_to_contact(tx: UnitOfWork, time_range: TimeRange, parts: Iterable[_Part]) -> Delays:
    """Compute the exact percentiles of a range: the parts know in which bin they lie."""
    delays = DelayHistogram.sum(part.delays for part in parts)

    def waits(rank: int) -> list[timedelta]:
        shortest, skipped = delays.locate(rank)
        return tx.statistics.delays_from(time_range, shortest, skipped=skipped)

    return Delays.of(delays.number, waits)


def _with_gaps(rollups: Iterable[Rollup], within: TimeRange) -> Iterator[Rollup | TimeRange]:
    """Yield rollups in their order, and the ranges between them that they leave out."""
    start = within.start
    for rollup in rollups:
        if start is None or rollup.time_range.start != start:
            yield TimeRange(start, rollup.time_range.start)
        yield rollup
        start = rollup.time_range.end
    if start is None or start != within.end:
        yield TimeRange(start, within.end)


def _earlier(end: datetime, other: datetime | None) -> datetime:
    return end if other is None else min(end, other)
