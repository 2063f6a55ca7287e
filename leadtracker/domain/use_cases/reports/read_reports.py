"""Read the ledger of weekly reports."""

from collections.abc import Sequence

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.reports.sinks import ReportedWeek, Sink, SinkDelivery
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen
class ReportPreview:
    """A week and the number of leads that it would count now."""

    week: Week
    number_of_leads: int


@frozen(kw_only=True)
class ReadReports:
    """Return weekly reports, sealed or previewed."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule
    _sink: Sink

    def all(self, actor: Actor) -> list[WeeklyReport]:
        """Return every report, oldest week first.

        Raises:
            PermissionDenied: the actor may not read reports.
        """
        actor.require(Permission.REPORT_READ)
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            return [report.with_expired_lease_closed(now) for report in tx.ledger.all()]

    def one(self, actor: Actor, week: str) -> WeeklyReport:
        """Return the report of the week with this ISO name.

        Raises:
            PermissionDenied: the actor may not read reports.
            ReportNotFound: the week has no report.
        """
        actor.require(Permission.REPORT_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.ledger.get(week).with_expired_lease_closed(self._clock.now())

    def with_deliveries(self, actor: Actor, reports: Sequence[WeeklyReport]) -> list[ReportedWeek]:
        """Return reports with what has become of them at each sink: their own, and their e-mails.

        Raises:
            PermissionDenied: the actor may not read reports.
        """
        actor.require(Permission.REPORT_READ)
        week = reports[0].week.name if len(reports) == 1 else None
        now = self._clock.now()
        mails: dict[str | None, list[SinkDelivery]] = {}
        with self._unit_of_work.read_only() as tx:
            for mail in tx.deliveries.of_reports(week):
                sent = SinkDelivery.by_mail(mail.with_expired_lease_closed(now))
                mails.setdefault(mail.text, []).append(sent)
        return [ReportedWeek.of(report, self._sink, mails.get(report.week.name, ())) for report in reports]

    def preview(self, actor: Actor, week: str | None = None) -> ReportPreview:
        """Count the leads of a week, by default the last closed one, without sealing or sending.

        Raises:
            PermissionDenied: the actor may not read reports.
            InvalidInput: ``week`` is not an ISO week.
        """
        actor.require(Permission.REPORT_READ)
        return self._preview(self._schedule.week(week, self._clock.now()))

    def preview_current(self, actor: Actor) -> ReportPreview:
        """Count the leads of the current week so far.

        Raises:
            PermissionDenied: the actor may not read reports.
        """
        actor.require(Permission.REPORT_READ)
        return self._preview(Week.containing(self._clock.now(), self._schedule.zone))

    def is_sealing_paused(self, actor: Actor) -> bool:
        """Return True if a clock jump keeps schedulers from sealing until an operator confirms the clock.

        Raises:
            PermissionDenied: the actor may not read reports.
        """
        actor.require(Permission.REPORT_READ)
        with self._unit_of_work.read_only() as tx:
            heartbeat = tx.heartbeat.read()
        return heartbeat is not None and heartbeat.is_paused

    def _preview(self, preview_week: Week) -> ReportPreview:
        with self._unit_of_work.read_only() as tx:
            return ReportPreview(
                preview_week, tx.leads.count_for_report(preview_week.start, preview_week.end)
            )
