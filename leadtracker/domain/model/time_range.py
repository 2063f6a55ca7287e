"""Spans of time."""

from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.model.timestamps import check_utc


@frozen
class Span:
    """Instants from ``start`` up to but not including ``end``; None is open."""

    start: datetime | None = field(default=None, validator=check_utc)
    end: datetime | None = field(default=None, validator=check_utc)

    def has(self, instant: datetime) -> bool:
        """Whether the instant lies within."""
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)
