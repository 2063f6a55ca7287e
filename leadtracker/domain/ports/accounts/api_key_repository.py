"""Port: the API keys that open the entrypoint."""

from typing import Protocol

from leadtracker.domain.model.accounts.account import ApiKey


class ApiKeyRepository(Protocol):
    """Stores API keys by name, and finds them by the digest of their secret."""

    def add(self, key: ApiKey) -> None:
        """Store a new key.

        Raises:
            NameTaken: a key of that name exists, revoked or not; the transaction can go on.
        """
        ...

    def get(self, name: str) -> ApiKey:
        """The key with that name, revoked or not.

        In a unit of work that may write, nobody else can change the key until it ends.

        Raises:
            AccountNotFound: there is none.
        """
        ...

    def find_by_digest(self, digest: str) -> ApiKey | None:
        """The key with that digest, revoked or not, if there is one."""
        ...

    def all(self) -> list[ApiKey]:
        """Every key, by name."""
        ...

    def save(self, key: ApiKey) -> None:
        """Store the new state of a key that exists."""
        ...
