"""Numbers about the leads of a cohort."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.statistics import CohortStatistics, Funnel
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class ReadStatistics:
    """Count the leads that came in within a span of time, and how far they have come since."""

    _unit_of_work: UnitOfWorkFactory
    _zone: tzinfo

    def __call__(self, actor: Actor, cohort: TimeRange) -> CohortStatistics:
        """The numbers of a cohort: the same leads in every one of them.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.snapshot() as tx:
            return self.of(tx.statistics, cohort)

    def of(self, statistics: LeadStatistics, cohort: TimeRange) -> CohortStatistics:
        """The numbers of a cohort, for a use case that shows more than them."""
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


def _funnel(by_state: dict[LeadState, int], lost_after_contact: int) -> Funnel:
    converted = by_state[LeadState.CONVERTED]
    return Funnel(
        captured=sum(by_state.values()),
        reached_out=by_state[LeadState.REACHED_OUT] + converted + lost_after_contact,
        converted=converted,
    )


def _earlier(end: datetime, other: datetime | None) -> datetime:
    return end if other is None else min(end, other)
