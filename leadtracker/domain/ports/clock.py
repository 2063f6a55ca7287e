"""Port: the current time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Provides the current time, so that tests can choose it and rules get it as an argument."""

    def now(self) -> datetime:
        """Return the current time as an aware UTC timestamp."""
        ...
