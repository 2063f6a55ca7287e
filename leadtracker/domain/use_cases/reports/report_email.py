"""Preview the e-mail about a sealed week, and send it again."""

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.deliveries.read_weekly_summary import ReadWeeklySummary
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen(kw_only=True)
class ReportEmail:
    """Compose the e-mail about a sealed week outside of the queue, or enqueue it once more."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _schedule: WeeklySchedule
    _notifications: Notifications
    _read_weekly_summary: ReadWeeklySummary
    _writer: EmailWriter

    def preview(self, actor: Actor, week: str | None) -> Email:
        """Compose the e-mail about a week, by default the last closed one, without sending it.

        Raises:
            PermissionDenied: the actor may not read reports.
            InvalidInput: ``week`` is not an ISO week.
            ReportNotFound: the week is not sealed.
            EmailNotWritten: a template cannot be rendered.
        """
        actor.require(Permission.REPORT_READ)
        now = self._clock.now()
        name = self._schedule.week(week, now).name
        with self._unit_of_work.snapshot() as tx:
            summary = self._read_weekly_summary(tx, name, now)
        delivery = Delivery(
            id=self._ids.new_id(now),
            kind=DeliveryKind.WEEKLY_REPORT,
            channel=Channel.MAIL,
            recipient="",
            recipient_key="",
            lead_id=None,
            text=name,
            created_at=now,
        )
        return self._writer.write_weekly_report(delivery, summary)

    def send(self, actor: Actor, week: str | None) -> int:
        """Enqueue the e-mail about a sealed week to each recipient once more; return their number.

        Raises:
            PermissionDenied: the actor may not send reports.
            InvalidInput: ``week`` is not an ISO week.
            ReportNotFound: the week is not sealed.
        """
        actor.require(Permission.REPORT_SEND)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            report = tx.ledger.get(self._schedule.week(week, now).name)
            number = self._notifications.week_sealed(tx, report, now)
            tx.commit()
        return number
