"""Timestamps for tests. ``NOW`` is the Wednesday of 2026-W47, so 2026-W46 is closed."""

from datetime import UTC, datetime, timedelta

from leadtracker.domain.model.values.timestamps import parse_timestamp

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def at(text: str) -> datetime:
    """Parse an RFC 3339 timestamp."""
    return parse_timestamp(text)


NOW = at("2026-11-18T12:00:00Z")
W46_START = at("2026-11-09T00:00:00Z")
W46_END = at("2026-11-16T00:00:00Z")
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
