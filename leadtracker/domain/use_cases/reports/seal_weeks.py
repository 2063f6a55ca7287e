"""Seal the weeks that are over, so that their numbers never change."""

from attrs import field, frozen

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen
class Sealing:
    """The reports that a scheduler sealed, and its heartbeat, which shows if sealing is paused."""

    heartbeat: SchedulerHeartbeat
    sealed: list[WeeklyReport] = field(factory=list)


@frozen(kw_only=True)
class SealWeeks:
    """Add a report for every closed week to the ledger; called by every scheduler, any number of times."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule

    def __call__(self) -> Sealing:
        """Record the heartbeat and, unless a clock jump has paused sealing, seal the closed weeks."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            heartbeat = (tx.heartbeat.read() or SchedulerHeartbeat(last_heartbeat_at=now)).record(now)
            tx.heartbeat.save(heartbeat)
            sealed = [] if heartbeat.is_paused else self._schedule.seal_closed(tx, now)
            tx.commit()
        return Sealing(heartbeat, sealed)
