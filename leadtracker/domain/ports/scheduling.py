"""Ports of what the schedulers of an installation share."""

from datetime import date, datetime
from typing import Protocol

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat


class HeartbeatStore(Protocol):
    """Stores the one heartbeat that all schedulers of an installation share."""

    def read(self) -> SchedulerHeartbeat | None:
        """Return the heartbeat; None if no scheduler has ever run. A writing unit of work locks it."""
        ...

    def save(self, heartbeat: SchedulerHeartbeat) -> None:
        """Store the heartbeat, replacing the previous one."""
        ...


class DigestDays(Protocol):
    """Stores each day whose digest has been enqueued, so that no scheduler enqueues it twice."""

    def has(self, day: date) -> bool:
        """Return True if the digest of that day has been enqueued."""
        ...

    def add(self, day: date, now: datetime) -> bool:
        """Record a day; return False if another scheduler has recorded it."""
        ...
