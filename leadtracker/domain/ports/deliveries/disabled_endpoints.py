"""Port: the webhook endpoints that want no more events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class DisabledEndpoints(Protocol):
    """Knows endpoints by their keys, whether or not they are among the settings still."""

    def all(self) -> Mapping[str, datetime]:
        """Since when each is disabled."""
        ...

    def add(self, key: str, now: datetime) -> None:
        """Disable an endpoint; one that is disabled stays so since then."""
        ...

    def remove(self, key: str) -> None:
        """Enable an endpoint; it is fine if it is enabled."""
        ...
