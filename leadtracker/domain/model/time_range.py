"""Ranges of time."""

from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.model.timestamps import check_utc


@frozen
class TimeRange:
    """The timestamps with ``start`` ≤ timestamp < ``end``; None means unbounded."""

    start: datetime | None = field(default=None, validator=check_utc)
    end: datetime | None = field(default=None, validator=check_utc)

    def contains(self, timestamp: datetime) -> bool:
        """Return True if the timestamp lies within the range."""
        return (self.start is None or self.start <= timestamp) and (self.end is None or timestamp < self.end)
