"""Statistics about the leads of a cohort, read afresh or from a short-lived cache."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from attrs import define, field, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import CohortDetails, CohortStatistics, Funnel
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

RECENT = timedelta(days=30)
_CACHE_FACTOR = 50


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


@define(kw_only=True)
class CachedStatistics:
    """Cache for 50 times the query's duration, so that the query uses at most 2 % of wall-clock time.

    With few leads the cache expires at once and the statistics are current; with a million leads they may be
    some seconds old. Threads may share an instance: at worst, two of them run the query at the same time.
    """

    _read_statistics: ReadStatistics
    _clock: Clock
    _cohort: CohortStatistics | None = field(default=None, init=False)
    _expires_at: datetime | None = field(default=None, init=False)

    def __call__(self, statistics: LeadStatistics) -> CohortStatistics:
        """Return the statistics of the leads that were created within ``RECENT``."""
        began = self._clock.now()
        cohort, expires_at = self._cohort, self._expires_at
        if cohort is not None and expires_at is not None and began < expires_at:
            return cohort
        cohort = self._read_statistics.of(statistics, TimeRange(began - RECENT, None))
        ended = self._clock.now()
        self._cohort, self._expires_at = cohort, ended + _CACHE_FACTOR * (ended - began)
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
