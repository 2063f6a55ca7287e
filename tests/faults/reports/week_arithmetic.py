"""The weeks of every IANA time zone from 1970 to 2037, compared with the calendar of the zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadtracker.domain.model.reports import week as week_module
from leadtracker.domain.model.reports.week import Week
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import MEMORY
from tests.faults.harness.planting import replaced
from tests.support.clock import MICROSECOND
from tests.support.examples.strategies import ZONES

_FIRST = date(1970, 1, 5)
_NUMBER = (date(2037, 12, 28) - _FIRST).days // 7
_QUICK = 60


def run(sandbox: Sandbox) -> None:
    """Compare every week, or a random run of successive ones in each zone."""
    number = sandbox.size(_QUICK, _NUMBER)
    weeks = gaps = wrong = outside = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        first = sandbox.rng.randint(0, _NUMBER - number)
        before: Week | None = None
        for monday in (_FIRST + timedelta(weeks=first + one) for one in range(number)):
            week = Week.named(_name(monday), zone)
            weeks += 1
            gaps += before is not None and before.end != week.start
            is_right = _begins(week.start, monday, zone) and _begins(
                week.end, monday + timedelta(weeks=1), zone
            )
            wrong += not is_right
            outside += is_right and not _holds(week, zone)
            before = week
    sandbox.findings.record(zones=len(ZONES), weeks=weeks)
    sandbox.findings.expect_equal(0, gaps=gaps, wrong_boundaries=wrong, outside=outside)


def _name(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{year:04}-W{number:02}"


def _begins(boundary: datetime, monday: date, zone: ZoneInfo) -> bool:
    """Check by the zone's own clock that a Monday begins: it shows that day, and an earlier one just before.

    A clock that is set back across midnight shows the Sunday once more after the boundary, and a zone that
    skips a Monday begins its week with the next day.
    """
    shown = boundary.astimezone(zone).date()
    earlier = (boundary - MICROSECOND).astimezone(zone).date()
    return earlier < monday <= shown <= monday + timedelta(days=1)


def _holds(week: Week, zone: ZoneInfo) -> bool:
    """Check that a week holds its start and its last microsecond, and not its end."""
    inside = [Week.containing(timestamp, zone) for timestamp in (week.start, week.end - MICROSECOND)]
    return inside == [week, week] and Week.containing(week.end, zone).start == week.end


@contextmanager
def _forget_clock_changes() -> Iterator[None]:
    def start(day: date, zone: ZoneInfo) -> datetime:
        offset = datetime(day.year, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
        return datetime.combine(day, time(), UTC) - offset

    with replaced(week_module, start_of_day=start):
        yield


CAMPAIGN = Campaign(
    "week-arithmetic",
    "weeks in every time zone from 1970 to 2037",
    run,
    databases_used=(MEMORY,),
    bugs=(PlantedBug("a year has one offset from UTC", ("wrong_boundaries",), _forget_clock_changes),),
)
