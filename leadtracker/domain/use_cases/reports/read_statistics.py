"""Statistics about the leads of a cohort, read afresh or from a short-lived cache."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta, tzinfo
from threading import Lock, Thread

from attrs import define, field, frozen

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import CohortDetails, CohortStatistics, Funnel
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

RECENT = timedelta(days=30)
_CACHE_FACTOR = 50
_SLOW = timedelta(milliseconds=20)
_MAX_AGE = timedelta(minutes=15)


@frozen(kw_only=True)
class ReadStatistics:
    """Count the leads that were created within a time range, and the states they have reached since.

    Args:
        zone: the time zone in which weeks begin.
    """

    _unit_of_work: UnitOfWorkFactory
    _zone: tzinfo

    def __call__(self, actor: Actor, cohort: TimeRange) -> CohortStatistics:
        """Return the statistics of a cohort; every number counts the same leads.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.snapshot() as tx:
            return self.of(tx.statistics, cohort)

    def with_details(self, actor: Actor, cohort: TimeRange) -> tuple[CohortStatistics, CohortDetails]:
        """As ``__call__``, with further numbers of the same leads, which take longer to count."""
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.snapshot() as tx:
            details = CohortDetails(
                progress=tx.statistics.progress_by_source(cohort),
                by_owner=tx.statistics.by_owner(cohort),
                by_lost_reason=tx.statistics.by_lost_reason(cohort),
            )
            return self.of(tx.statistics, cohort), details

    def snapshot(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work in which every number counts the same leads."""
        return self._unit_of_work.snapshot()

    def of(self, statistics: LeadStatistics, cohort: TimeRange) -> CohortStatistics:
        """Return the statistics of a cohort within the caller's transaction, without authorisation."""
        by_state = dict.fromkeys(LeadState, 0) | statistics.by_state(cohort)
        return CohortStatistics(
            by_state=by_state,
            by_source=statistics.by_source(cohort),
            by_week=tuple(self._by_week(statistics, cohort)),
            funnel=_funnel(by_state, statistics.lost_after_contact(cohort)),
            time_to_contact=statistics.delays(cohort),
        )

    def _by_week(self, statistics: LeadStatistics, cohort: TimeRange) -> Iterator[tuple[Week, int]]:
        rest = cohort
        while created_at := statistics.next_created(rest):
            week = Week.containing(created_at, self._zone)
            yield week, statistics.count(TimeRange(created_at, _earlier(week.end, cohort.end)))
            rest = TimeRange(week.end, cohort.end)


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

    def __call__(self, statistics: LeadStatistics) -> CohortStatistics:
        """Return the statistics of the leads that were created within ``RECENT``."""
        cohort, ended, took = self._cohort, self._ended, self._took
        if cohort is None or ended is None:
            return self._read(statistics)
        age = self._clock.now() - ended
        if age < _CACHE_FACTOR * took:
            return cohort
        if took < _SLOW or age > _MAX_AGE:
            return self._read(statistics)
        if self._refreshing.acquire(blocking=False):
            self._start(self._refresh)
        return cohort

    def _refresh(self) -> None:
        try:
            with suppress(LeadTrackerError), self._read_statistics.snapshot() as tx:
                self._read(tx.statistics)
        finally:
            self._refreshing.release()

    def _read(self, statistics: LeadStatistics) -> CohortStatistics:
        began = self._clock.now()
        cohort = self._read_statistics.of(statistics, TimeRange(began - RECENT, None))
        ended = self._clock.now()
        self._cohort, self._ended, self._took = cohort, ended, ended - began
        return cohort


def _funnel(by_state: dict[LeadState, int], lost_after_contact: int) -> Funnel:
    converted = by_state[LeadState.CONVERTED]
    return Funnel(
        captured=sum(by_state.values()),
        reached_out=by_state[LeadState.REACHED_OUT] + converted + lost_after_contact,
        converted=converted,
    )


def _earlier(end: datetime, other: datetime | None) -> datetime:
    return end if other is None else min(end, other)
