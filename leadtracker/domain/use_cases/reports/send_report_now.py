"""Send a weekly report because a person asks for it."""

from attrs import frozen

from leadtracker.domain.errors import ReportInProgress
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.reports.send_report_once import SendReportOnce
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen
class ScheduleReport:
    """Make a closed week's report due now, so that the next scheduler to look sends it."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule

    def __call__(self, actor: Actor, week: str | None, *, again: bool = False) -> WeeklyReport:
        """Seal the week if it was not, and ask for an attempt; a delivered one only if ``again``.

        Args:
            actor: who asks.
            week: its ISO name, or None for the last closed week.
            again: send even what has been delivered.

        Raises:
            PermissionDenied: the actor may not send reports.
            InvalidInput: ``week`` is no ISO week.
            WeekNotClosed: the week can still get leads.
            WeekTooOld: the week is of too long ago.
            ReportInProgress: it is being sent at this moment.
        """
        actor.require(Permission.REPORT_SEND)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            report = self._schedule.seal_by_hand(tx, week, now).with_expired_lease_closed(now)
            if report.is_leased(now):
                raise ReportInProgress(report.week.name)
            requested = report.request(now, again=again)
            if requested != report and not tx.ledger.replace(requested, epoch=report.epoch):
                raise ReportInProgress(report.week.name)
            tx.commit()
        return requested


@frozen
class SendReportNow:
    """Send a closed week's report here and now."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule
    _send_report_once: SendReportOnce

    def __call__(self, actor: Actor, week: str | None, *, again: bool = False) -> WeeklyReport:
        """Seal the week if it was not, deliver it, and return its report after the attempt.

        A delivered week is returned as it is, unless ``again``. Arguments and errors are those of
        ``ScheduleReport``.
        """
        actor.require(Permission.REPORT_SEND)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            report = self._schedule.seal_by_hand(tx, week, now).with_expired_lease_closed(now)
            tx.commit()
        if report.state is ReportState.DELIVERED and not again:
            return report
        attempted = self._send_report_once(report)
        if attempted is None:
            raise ReportInProgress(report.week.name)
        return attempted
