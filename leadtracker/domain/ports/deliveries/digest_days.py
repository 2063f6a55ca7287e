"""Port: the days whose digest has been enqueued."""

from datetime import date, datetime
from typing import Protocol


class DigestDays(Protocol):
    """Stores each day whose digest has been enqueued, so that no scheduler enqueues it twice."""

    def has(self, day: date) -> bool:
        """Return True if the digest of that day has been enqueued."""
        ...

    def add(self, day: date, now: datetime) -> bool:
        """Record a day; return False if another scheduler has recorded it."""
        ...
