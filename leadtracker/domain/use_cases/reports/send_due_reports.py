"""Deliver the weekly reports that are due."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.reports.send_report_once import SendReportOnce


@frozen
class SendDueReports:
    """Attempt whatever is due, oldest week first, until nothing is."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _send_report_once: SendReportOnce

    def __call__(self) -> Iterator[WeeklyReport]:
        """Each report after its attempt; nothing more is claimed once the caller stops asking."""
        while (report := self._next_due()) is not None:
            attempted = self._send_report_once(report)
            if attempted is not None:
                yield attempted

    def _next_due(self) -> WeeklyReport | None:
        with self._unit_of_work.read_only() as tx:
            return next(iter(tx.ledger.due(self._clock.now())), None)
