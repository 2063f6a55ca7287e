"""Port: the ledger of weekly reports."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.reports.weekly_report import WeeklyReport


class ReportLedger(Protocol):
    """Stores one weekly report per closed week, unique by the week's start and by its name."""

    def add(self, report: WeeklyReport) -> bool:
        """Store a new report; return False if another scheduler has stored one of that week."""
        ...

    def get(self, week: str) -> WeeklyReport:
        """Return the report of the week with that ISO name, such as 2026-W46.

        Raises:
            ReportNotFound: the ledger has no report of that week.
        """
        ...

    def first(self) -> WeeklyReport | None:
        """Return the report of the earliest week; None if the ledger is empty."""
        ...

    def last(self) -> WeeklyReport | None:
        """Return the report of the latest week; None if the ledger is empty."""
        ...

    def all(self) -> list[WeeklyReport]:
        """Return every report, the oldest week first."""
        ...

    def due(self, now: datetime) -> list[WeeklyReport]:
        """Return every report that is due at ``now``, the oldest week first."""
        ...

    def replace(self, report: WeeklyReport, *, epoch: int) -> bool:
        """Store the new state of a report and of its last two attempts, if its stored epoch is ``epoch``.

        Returns:
            False if another process has changed the report since it was read; nothing was stored then.
        """
        ...
