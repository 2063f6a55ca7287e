"""Port: stored API keys."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.account import ApiKey


class ApiKeyRepository(Protocol):
    """Stores API keys by name and finds them by the digest of their secret."""

    def add(self, key: ApiKey) -> None:
        """Store a new key.

        Raises:
            NameTaken: a key of that name exists, revoked or not; the transaction stays usable.
        """
        ...

    def get(self, name: str) -> ApiKey:
        """Return the key with that name, revoked or not; a writing unit of work locks it until its end.

        Raises:
            AccountNotFound: no key has that name.
        """
        ...

    def find_by_digest(self, digest: str) -> ApiKey | None:
        """Return the key with that digest, revoked or not; None if there is none."""
        ...

    def all(self) -> list[ApiKey]:
        """Return every key, sorted by name."""
        ...

    def record_use(self, name: str, now: datetime) -> None:
        """Set ``last_used_at`` of a key to ``now``; do nothing if there is no such key."""
        ...

    def save(self, key: ApiKey) -> None:
        """Store the new state of an existing key."""
        ...
