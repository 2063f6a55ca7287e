"""Port: everything that must be unique, unguessable or by chance."""

from datetime import datetime
from typing import Protocol


class IdSource(Protocol):
    """Makes ids, secrets and random numbers."""

    def new_id(self, now: datetime) -> str:
        """A new id; ids made later sort later (to the millisecond)."""
        ...

    def secret(self) -> str:
        """256 random bits as text that fits into a URL."""
        ...

    def fraction(self) -> float:
        """A random number from 0 up to 1."""
        ...
