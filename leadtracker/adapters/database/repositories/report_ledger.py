"""The ledger of weekly reports in the database."""

from datetime import datetime
from itertools import groupby

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.attempts import attempt_values, to_attempt
from leadtracker.adapters.database.tables import ReportAttemptRow, WeeklyReportRow
from leadtracker.domain.errors import ReportNotFound
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.reports.report_ledger import ReportLedger

_REPORT = tuple(WeeklyReportRow._meta.sorted_fields)
_ATTEMPT = tuple(ReportAttemptRow._meta.sorted_fields)
_CHANGING = ("state", "due_at", "epoch", "leased_until")


@frozen
class PeeweeReportLedger(ReportLedger):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, report: WeeklyReport) -> bool:
        return self._executor.write(_insert_report, **_to_values(report)) == 1

    def get(self, week: str) -> WeeklyReport:
        reports = self._reports("week", week=week)
        if not reports:
            raise ReportNotFound(week)
        return reports[0]

    def first(self) -> WeeklyReport | None:
        return next(iter(self._reports("first")), None)

    def last(self) -> WeeklyReport | None:
        return next(iter(self._reports("last")), None)

    def all(self) -> list[WeeklyReport]:
        return self._reports("all")

    def due(self, now: datetime) -> list[WeeklyReport]:
        # An abandoned claim may still have to wait for its backoff, which the domain decides.
        return [report for report in self._reports("due", now=now) if report.is_due(now)]

    def replace(self, report: WeeklyReport, *, epoch: int) -> bool:
        if not self._executor.write(_update_report, known_epoch=epoch, **_to_values(report)):
            return False
        for attempt in report.attempts[-2:]:
            self._executor.write(_upsert_attempt, week=report.week.name, **attempt_values(attempt))
        return True

    def _reports(self, which: str, **values: object) -> list[WeeklyReport]:
        rows = self._executor.rows(_select_reports, which, **values)
        return [self._to_report(list(group)) for _, group in groupby(rows, key=lambda row: row.week)]

    def _to_report(self, rows: list[Row]) -> WeeklyReport:
        """The report of rows that each have the same report and one attempt, or no attempt."""
        row, decode = rows[0], self._executor.dialect.from_db_timestamp
        return WeeklyReport(
            week=Week(row.week, decode(row.week_start), decode(row.week_end)),
            number_of_leads=row.number_of_leads,
            state=ReportState(row.state),
            sealed_at=decode(row.sealed_at),
            due_at=self._timestamp(row.due_at),
            epoch=row.epoch,
            leased_until=self._timestamp(row.leased_until),
            attempts=tuple(to_attempt(row, decode) for row in rows if row.number is not None),
        )

    def _timestamp(self, stored: object) -> datetime | None:
        return None if stored is None else self._executor.dialect.from_db_timestamp(stored)


def _to_values(report: WeeklyReport) -> dict[str, object]:
    return {
        "week_start": report.week.start,
        "week_end": report.week.end,
        "week": report.week.name,
        "number_of_leads": report.number_of_leads,
        "state": report.state,
        "sealed_at": report.sealed_at,
        "due_at": report.due_at,
        "epoch": report.epoch,
        "leased_until": report.leased_until,
    }


def _insert_report() -> peewee.Node:
    return WeeklyReportRow.insert({column: param(column.column_name) for column in _REPORT}).on_conflict(
        action="nothing"
    )


def _update_report() -> peewee.Node:
    return WeeklyReportRow.update({name: param(name) for name in _CHANGING}).where(
        WeeklyReportRow.week == param("week"), WeeklyReportRow.epoch == param("known_epoch")
    )


def _upsert_attempt() -> peewee.Node:
    return ReportAttemptRow.insert({column: param(column.column_name) for column in _ATTEMPT}).on_conflict(
        conflict_target=[ReportAttemptRow.week, ReportAttemptRow.number],
        preserve=[
            ReportAttemptRow.finished_at,
            ReportAttemptRow.outcome,
            ReportAttemptRow.status,
            ReportAttemptRow.detail,
        ],
    )


def _select_reports(which: str) -> peewee.Node:
    row = WeeklyReportRow
    query = (
        row.select(*_REPORT, *(column for column in _ATTEMPT if column is not ReportAttemptRow.week))
        .join(ReportAttemptRow, peewee.JOIN.LEFT_OUTER)
        .order_by(row.week_start, ReportAttemptRow.number)
    )
    other = row.alias()
    conditions = {
        "all": None,
        "week": row.week == param("week"),
        "first": row.week_start == other.select(peewee.fn.MIN(other.week_start)),
        "last": row.week_start == other.select(peewee.fn.MAX(other.week_start)),
        "due": (row.due_at <= param("now")) | (row.leased_until <= param("now")),
    }
    condition = conditions[which]
    return query if condition is None else query.where(condition)
