"""Spans of time."""

from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.model.timestamps import check_utc


@frozen
class TimeRange:
    """Timestamps from ``start`` up to but not including ``end``; None is open."""

    start: datetime | None = field(default=None, validator=check_utc)
    end: datetime | None = field(default=None, validator=check_utc)

    def contains(self, timestamp: datetime) -> bool:
        """Whether the timestamp lies within."""
        return (self.start is None or self.start <= timestamp) and (self.end is None or timestamp < self.end)
