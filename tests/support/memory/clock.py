"""A clock that is set by hand."""

from datetime import datetime, timedelta

from attrs import define, field, setters

from leadtracker.domain.model.values.timestamps import check_utc
from leadtracker.domain.ports.clock import Clock


@define(on_setattr=setters.validate)
class MemoryClock(Clock):
    """See the port for what it promises. It stands still until it is told to move."""

    _now: datetime = field(validator=check_utc)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move on by ``step`` (backwards if it is negative) and tell the time."""
        self._now += step
        return self._now

    def set(self, timestamp: datetime) -> None:
        """Jump to ``timestamp``."""
        self._now = timestamp
