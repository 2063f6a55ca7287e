"""Port: webhook endpoints that are disabled because they answered 410 Gone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class DisabledEndpoints(Protocol):
    """Stores disabled endpoints by key, also those that the settings no longer contain."""

    def all(self) -> Mapping[str, datetime]:
        """Return when each endpoint was disabled, by key."""
        ...

    def add(self, key: str, now: datetime) -> None:
        """Disable an endpoint; a disabled endpoint keeps its time."""
        ...

    def remove(self, key: str) -> None:
        """Enable an endpoint; do nothing if it is enabled."""
        ...
