"""Timestamps: moments in time, always aware, always UTC, to the microsecond."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?", re.ASCII)


def check_utc(_instance: object, attribute: Any, value: Any) -> None:
    """Refuse naive and non-UTC times; an attrs validator for timestamps that may be None.

    Raises:
        ValueError: a programming error, never a user's.
    """
    if value is not None and value.tzinfo is not UTC and value.utcoffset() != timedelta(0):
        message = f"{attribute.name} must be an aware UTC time"
        raise ValueError(message)


def parse_timestamp(text: str) -> datetime:
    """Read an RFC 3339 time with its offset; seconds may be missing, a space may stand for the T.

    Raises:
        ValueError: with a message for the person who wrote it.
    """
    message = "must be a time with its offset, such as 2026-11-16T09:30:00Z"
    if not _RFC3339.fullmatch(text):
        raise ValueError(message)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(message) from None


def parse_local(text: str, zone: "tzinfo") -> datetime:
    """Read the wall time of ``zone`` that a browser's field for times holds, such as ``2026-11-16T09:30``.

    A time that happens twice, because clocks are put back, is the first of the two.

    Raises:
        ValueError: with a message for the person who typed it; also for a time that is skipped on that day.
    """
    if not _WALL_TIME.fullmatch(text):
        message = "must be a day and a time, such as 2026-11-16T09:30"
        raise ValueError(message)
    try:
        wall_time = datetime.fromisoformat(text)
        timestamp = wall_time.replace(tzinfo=zone).astimezone(UTC)
        shown = timestamp.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        message = "is not a day and a time that the calendar has"
        raise ValueError(message) from None
    if shown != wall_time:
        message = "does not exist: clocks are put forward on that day"
        raise ValueError(message)
    return timestamp


@lru_cache(maxsize=256)  # of what happens at once, much is told of the same timestamp
def format_timestamp(timestamp: datetime) -> str:
    """Write a timestamp as RFC 3339 in UTC with exactly six decimals, so that text order is time order."""
    in_utc = timestamp if timestamp.tzinfo is UTC else timestamp.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def start_of_day(day: date, zone: "tzinfo") -> datetime:
    """The timestamp at which ``day`` begins in ``zone``.

    Where midnight is skipped by a clock change the day begins at the change; where midnight happens
    twice it begins at the first one.

    Raises:
        OverflowError: the timestamp lies outside the years 1 to 9999.
    """
    return timestamp_at(day, time.min, zone)


def timestamp_at(day: date, time_of_day: time, zone: "tzinfo") -> datetime:
    """The timestamp at which clocks in ``zone`` show that time on that day.

    Where a clock change skips the time, it is as long after the change as the time is after the first one
    that was skipped; where it comes twice, it is the first (both are what ``fold=0`` means, PEP 495).

    Raises:
        OverflowError: the timestamp lies outside the years 1 to 9999.
    """
    return datetime.combine(day, time_of_day, tzinfo=zone).astimezone(UTC)


def day_of(timestamp: datetime, zone: "tzinfo") -> tuple[datetime, datetime]:
    """The timestamps at which the day of ``zone`` that has ``timestamp`` begins, and the next one."""
    today = timestamp.astimezone(zone).date()
    return start_of_day(today, zone), start_of_day(today + timedelta(days=1), zone)
