"""Timestamps, aware UTC times with microseconds, and ranges of them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from leadtracker.domain.model.values.field_errors import InvalidValue

if TYPE_CHECKING:
    from datetime import tzinfo

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?", re.ASCII)

_FIRST_WINDOW = datetime(2000, 1, 1, tzinfo=UTC)


def check_utc(_instance: object, attribute: Any, value: Any) -> None:
    """Validate an attrs attribute: its value must be None or an aware UTC time.

    Raises:
        ValueError: it is not, which is a bug and never caused by input.
    """
    if value is not None and value.tzinfo is not UTC and value.utcoffset() != timedelta(0):
        message = f"{attribute.name} must be an aware UTC time"
        raise ValueError(message)


@frozen
class TimeRange:
    """The timestamps with ``start`` ≤ timestamp < ``end``; None means unbounded."""

    start: datetime | None = field(default=None, validator=check_utc)
    end: datetime | None = field(default=None, validator=check_utc)

    def contains(self, timestamp: datetime) -> bool:
        """Return True if the timestamp lies within the range."""
        return (self.start is None or self.start <= timestamp) and (self.end is None or timestamp < self.end)


def parse_timestamp(text: str) -> datetime:
    """Parse an RFC 3339 time with an offset; seconds are optional, and a space may replace the T.

    Raises:
        ValueError: the text is no such time; the message is for its author.
    """
    message = "must be a time with its offset, such as 2026-11-16T09:30:00Z"
    if not _RFC3339.fullmatch(text):
        raise ValueError(message)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(message) from None


def parse_local(text: str, zone: "tzinfo") -> datetime:
    """Parse a local time in ``zone``, such as ``2026-11-16T09:30``, as ``datetime-local`` inputs send it.

    A time that occurs twice, because clocks are set back, means the first.

    Raises:
        ValueError: the text is no such time, or the time does not exist on that day because clocks are put
            forward; the message is for its author.
    """
    if not _WALL_TIME.fullmatch(text):
        raise InvalidValue("invalid-local-time")
    try:
        wall_time = datetime.fromisoformat(text)
        timestamp = wall_time.replace(tzinfo=zone).astimezone(UTC)
        shown = timestamp.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise InvalidValue("unknown-local-time") from None
    if shown != wall_time:
        raise InvalidValue("skipped-local-time")
    return timestamp


@lru_cache(maxsize=1_024)  # one request or batch formats the same timestamp several times
def format_timestamp(timestamp: datetime) -> str:
    """Return a timestamp as RFC 3339 in UTC with exactly six decimals; such texts sort by time."""
    in_utc = timestamp if timestamp.tzinfo is UTC else timestamp.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def start_of_window(timestamp: datetime, length: timedelta) -> datetime:
    """Return when the window of this length that contains ``timestamp`` began; windows follow each other."""
    return timestamp - (timestamp - _FIRST_WINDOW) % length


def start_of_day(day: date, zone: "tzinfo") -> datetime:
    """Return the timestamp at which ``day`` begins in ``zone``.

    If a clock change skips midnight, the day begins at the change; if midnight occurs twice, at the first.

    Raises:
        OverflowError: the timestamp lies outside the years 1 to 9999.
    """
    return timestamp_at(day, time.min, zone)


def bound_of_day(text: str, zone: "tzinfo", *, is_end: bool) -> datetime:
    """Return when a day that is written like ``2026-11-20`` begins in ``zone``, or ends.

    Raises:
        ValueError: ``text`` is no day or is written otherwise, or the bound lies outside the years 1 to 9999.
    """
    if not _DAY.fullmatch(text):
        message = "A day is written like 2026-11-20."
        raise ValueError(message)
    try:
        return start_of_day(date.fromisoformat(text) + timedelta(days=is_end), zone)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def timestamp_at(day: date, time_of_day: time, zone: "tzinfo") -> datetime:
    """Return the timestamp at which clocks in ``zone`` show ``time_of_day`` on ``day``.

    If a clock change skips the time, the result is later by the length of the gap; if the time occurs twice,
    it is the first. Both follow from ``fold=0`` (PEP 495).

    Raises:
        OverflowError: the timestamp lies outside the years 1 to 9999.
    """
    return datetime.combine(day, time_of_day, tzinfo=zone).astimezone(UTC)


def day_of(timestamp: datetime, zone: "tzinfo") -> tuple[datetime, datetime]:
    """Return the start of the day in ``zone`` that contains ``timestamp``, and the start of the next."""
    today = timestamp.astimezone(zone).date()
    return start_of_day(today, zone), start_of_day(today + timedelta(days=1), zone)
