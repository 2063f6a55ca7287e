"""Weeks by the clock of the machine, for tests with processes, whose clock cannot be set."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import format_timestamp

_LONGER_THAN_ALL_TESTS = timedelta(hours=2)


def stable_timezone() -> str:
    """Return a time zone in which no week ends during the tests."""
    now = datetime.now(UTC)
    return next(name for name in ("UTC", "Asia/Tokyo") if _is_quiet(ZoneInfo(name), now))


def closed_weeks(count: int) -> list[Week]:
    """Return the last closed weeks of the stable time zone, oldest first."""
    zone = ZoneInfo(stable_timezone())
    weeks = [Week.last_closed(datetime.now(UTC), zone)]
    while len(weeks) < count:
        weeks.insert(0, Week.containing(weeks[0].start - timedelta(days=1), zone))
    return weeks


def within(week: Week) -> str:
    """Return a timestamp in the middle of a week."""
    return format_timestamp(week.start + (week.end - week.start) / 2)


def _is_quiet(zone: ZoneInfo, now: datetime) -> bool:
    later = now + _LONGER_THAN_ALL_TESTS
    return Week.last_closed(now, zone) == Week.last_closed(later, zone)
