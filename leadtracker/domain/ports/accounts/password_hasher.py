"""Port: keeping passwords without keeping them."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes passwords slowly on purpose; call it outside of transactions."""

    def hash(self, password: str) -> str:
        """A salted hash that holds its own parameters; differs at each call."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether ``password`` made ``password_hash``.

        With None, for an unknown user, it takes as long and is False.
        """
        ...
