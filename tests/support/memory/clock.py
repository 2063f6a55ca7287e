"""A clock that tests control."""

from datetime import datetime, timedelta

from attrs import define, field, setters

from leadtracker.domain.model.values.timestamps import check_utc
from leadtracker.domain.ports.system import Clock


@define(on_setattr=setters.validate)
class MemoryClock(Clock):
    """An in-memory ``Clock``, whose time changes only by ``advance`` and ``set``."""

    _now: datetime = field(validator=check_utc)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Advance by ``step`` (backwards if it is negative) and return the new time."""
        self._now += step
        return self._now

    def set(self, timestamp: datetime) -> None:
        """Set the time to ``timestamp``."""
        self._now = timestamp
