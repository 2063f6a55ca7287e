"""Port: the ledger of weekly reports."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.reports.weekly_report import WeeklyReport


class ReportLedger(Protocol):
    """One row per closed week, unique by its start and by its name."""

    def add(self, report: WeeklyReport) -> bool:
        """Add a row; False if that week has one already (another scheduler was faster)."""
        ...

    def get(self, week: str) -> WeeklyReport:
        """The row of the week with that ISO name.

        Raises:
            ReportNotFound: there is none.
        """
        ...

    def first(self) -> WeeklyReport | None:
        """The row of the earliest week."""
        ...

    def last(self) -> WeeklyReport | None:
        """The row of the latest week."""
        ...

    def all(self) -> list[WeeklyReport]:
        """Every row, oldest week first."""
        ...

    def due(self, now: datetime) -> list[WeeklyReport]:
        """Every row for which ``is_due(now)``, oldest week first."""
        ...

    def replace(self, report: WeeklyReport, *, epoch: int) -> bool:
        """Store the new state of a row and of its last two attempts, if its stored epoch is ``epoch``.

        False means that somebody else has claimed the row since it was read; nothing was stored then.
        """
        ...
