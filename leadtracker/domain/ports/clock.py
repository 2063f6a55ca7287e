"""Port: what time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, so that no rule has to ask for it."""

    def now(self) -> datetime:
        """The present timestamp, aware, in UTC."""
        ...
