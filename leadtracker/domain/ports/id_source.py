"""Port: ids, secrets and random numbers."""

from datetime import datetime
from typing import Protocol


class IdSource(Protocol):
    """Generates ids, secrets and random numbers, so that tests can choose them."""

    def new_id(self, now: datetime) -> str:
        """Return a new unique id; ids sort by their time, with a resolution of one millisecond."""
        ...

    def secret(self) -> str:
        """Return 256 random bits as URL-safe text."""
        ...

    def fraction(self) -> float:
        """Return a random number ≥ 0 and < 1."""
        ...
