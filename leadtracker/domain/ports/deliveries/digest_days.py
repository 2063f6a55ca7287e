"""Port: the days whose digest is done."""

from datetime import date, datetime
from typing import Protocol


class DigestDays(Protocol):
    """Keeps one row per day."""

    def has(self, day: date) -> bool:
        """Whether that day is done."""
        ...

    def add(self, day: date, now: datetime) -> bool:
        """Note that a day is done; False if it was already (another scheduler was faster)."""
        ...
