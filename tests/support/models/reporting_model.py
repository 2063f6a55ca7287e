"""A model of weekly reporting, as simple as possible.

It knows the weeks of UTC by their number, when the leads came in that are no duplicates, and with which
number each week was sealed.
"""

from datetime import datetime, timedelta

from attrs import define, field

from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from tests.support.clock import WEEK, at

CATCH_UP = 3
WEEK_0 = at("2025-01-06T00:00:00Z")
MAX_HEARTBEAT_GAP = timedelta(days=35)
LEASE = timedelta(seconds=60)


def start_of(number: int) -> datetime:
    return WEEK_0 + number * WEEK


def name_of(number: int) -> str:
    year, week, _ = start_of(number).isocalendar()
    return f"{year}-W{week:02}"


def number_of(report: WeeklyReport) -> int:
    return (report.week.start - WEEK_0) // WEEK


def is_leased(report: WeeklyReport, now: datetime) -> bool:
    """Return whether the last claim of a report still holds; a lease lasts 60 seconds."""
    return report.state is ReportState.SENDING and now < report.attempts[-1].started_at + LEASE


@define
class Model:
    """The expected state of weekly reporting.

    Attributes:
        primary_times: when the primary leads were created.
        sealed: what each week was sealed with, by the number of the week.
        missed: the numbers of the weeks that were too old when they were sealed.
    """

    primary_times: list[datetime] = field(factory=list)
    sealed: dict[int, int] = field(factory=dict)
    missed: set[int] = field(factory=set)
    last_heartbeat_at: datetime | None = None
    is_paused: bool = False

    def record(self, now: datetime) -> None:
        last = self.last_heartbeat_at or now
        self.is_paused = self.is_paused or now - last > MAX_HEARTBEAT_GAP
        self.last_heartbeat_at = max(last, now)

    def seal(self, first: int, last: int, newest: int, requested: int | None = None) -> None:
        for number in range(first, last + 1):
            start, end = start_of(number), start_of(number + 1)
            self.sealed[number] = sum(start <= created_at < end for created_at in self.primary_times)
            if number <= newest - CATCH_UP and number != requested:
                self.missed.add(number)

    def seal_up_to(self, newest: int) -> None:
        self.seal(max(self.sealed, default=newest - 1) + 1, newest, newest)

    def seal_by_hand(self, requested: int, newest: int) -> None:
        first = min(self.sealed, default=requested)
        if requested < first:
            self.seal(requested, first - 1, newest, requested=requested)
        else:
            self.seal(max(self.sealed, default=requested - 1) + 1, requested, newest, requested=requested)
