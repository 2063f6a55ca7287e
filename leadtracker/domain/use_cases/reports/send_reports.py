"""Send weekly reports: those that are due, and those that a user asks for."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import ReportInProgress
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryQueue, DeliveryWorker
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen(kw_only=True)
class _OneReport(DeliveryQueue[WeeklyReport]):
    """A queue with one weekly report, in the state in which the caller read it."""

    report: WeeklyReport
    sink: ReportSink

    def find(self, tx: UnitOfWork, now: datetime) -> WeeklyReport | None:  # noqa: ARG002 - the port's signature
        return self.report

    def send(self, claimed: WeeklyReport) -> DeliveryResult:
        return self.sink.deliver(claimed)

    def store(self, tx: UnitOfWork, changed: WeeklyReport, epoch: int) -> bool:
        return tx.ledger.replace(changed, epoch=epoch)


@frozen(kw_only=True)
class SendReportOnce:
    """Make one attempt at sending a weekly report; every other use case sends reports through this one."""

    _delivery_worker: DeliveryWorker
    _sink: ReportSink

    def __call__(self, report: WeeklyReport) -> WeeklyReport | None:
        """Attempt to send ``report`` as it was read; None if another process has claimed it since."""
        return self._delivery_worker.deliver_next(_OneReport(report=report, sink=self._sink))


@frozen(kw_only=True)
class SendDueReports:
    """Attempt every report that is due, oldest week first; called by every scheduler."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _send_report_once: SendReportOnce

    def __call__(self) -> Iterator[WeeklyReport]:
        """Yield each report after its attempt; the next is claimed on demand."""
        while (report := self._next_due()) is not None:
            attempted = self._send_report_once(report)
            if attempted is not None:
                yield attempted

    def _next_due(self) -> WeeklyReport | None:
        with self._unit_of_work.read_only() as tx:
            return next(iter(tx.ledger.due(self._clock.now())), None)


@frozen(kw_only=True)
class ScheduleReport:
    """Make the report of a closed week due now, so that the next scheduler sends it."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule

    def __call__(self, actor: Actor, week: str | None, *, again: bool = False) -> WeeklyReport:
        """Seal the week if it is not sealed, and make its report due; a delivered one only if ``again``.

        Args:
            actor: the caller.
            week: the ISO name of a week, or None for the last closed one.
            again: send a report that was delivered once more.

        Raises:
            PermissionDenied: the actor may not send reports.
            InvalidInput: ``week`` is not an ISO week.
            WeekNotClosed: leads may still be added to the week.
            WeekTooOld: the week is older than the ledger may be extended.
            ReportInProgress: a process is sending the report.
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
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.REPORT_REQUESTED, now, report.week.name))
            tx.commit()
        return requested


@frozen(kw_only=True)
class SendReportNow:
    """Send the report of a closed week in this process."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule
    _send_report_once: SendReportOnce

    def __call__(self, actor: Actor, week: str | None, *, again: bool = False) -> WeeklyReport:
        """Seal the week if it is not sealed, attempt its report, and return it after the attempt.

        A delivered report is returned unchanged, unless ``again``. Arguments and errors are those of
        ``ScheduleReport``.
        """
        actor.require(Permission.REPORT_SEND)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            report = self._schedule.seal_by_hand(tx, week, now).with_expired_lease_closed(now)
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.REPORT_REQUESTED, now, report.week.name))
            tx.commit()
        if report.state is ReportState.DELIVERED and not again:
            return report
        attempted = self._send_report_once(report)
        if attempted is None:
            raise ReportInProgress(report.week.name)
        return attempted
