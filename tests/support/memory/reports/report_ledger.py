"""The ledger of weekly reports in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import ReportNotFound
from leadtracker.domain.model.deliveries.deliverable import Attempt
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_ledger import ReportLedger
from tests.support.memory.store import Transaction


@frozen
class MemoryReportLedger(ReportLedger):
    """An in-memory ``ReportLedger``; see the port for its promises."""

    _transaction: Transaction

    def add(self, report: WeeklyReport) -> bool:
        reports = self._transaction.for_writing().reports
        taken = {row.week.start for row in reports.values()}
        if report.week.name in reports or report.week.start in taken:
            return False
        reports[report.week.name] = report
        return True

    def get(self, week: str) -> WeeklyReport:
        report = self._transaction.tables.reports.get(week)
        if report is None:
            raise ReportNotFound(week)
        return report

    def first(self) -> WeeklyReport | None:
        return next(iter(self.all()), None)

    def last(self) -> WeeklyReport | None:
        return next(reversed(self.all()), None)

    def all(self) -> list[WeeklyReport]:
        return sorted(self._transaction.tables.reports.values(), key=lambda report: report.week.start)

    def due(self, now: datetime) -> list[WeeklyReport]:
        return [report for report in self.all() if report.is_due(now)]

    def replace(self, report: WeeklyReport, *, epoch: int) -> bool:
        reports = self._transaction.for_writing().reports
        stored = reports.get(report.week.name)
        if stored is None or stored.epoch != epoch:
            return False
        # What was sealed stays as it was, whatever the caller says of it.
        reports[report.week.name] = evolve(
            stored,
            state=report.state,
            due_at=report.due_at,
            epoch=report.epoch,
            leased_until=report.leased_until,
            attempts=_merge(stored.attempts, report.attempts[-2:]),
        )
        return True


def _merge(stored: tuple[Attempt, ...], changed: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    by_number = {attempt.number: attempt for attempt in (*stored, *changed)}
    return tuple(by_number[number] for number in sorted(by_number))
