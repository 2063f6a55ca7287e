"""Port: password hashing."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes passwords with a deliberately slow function; never call it within a unit of work."""

    def hash(self, password: str) -> str:
        """Return a salted hash that contains its parameters; each call returns another one.

        Raises:
            PasswordHashingBusy: too many calls are waiting.
        """
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return True if ``password_hash`` is a hash of ``password``.

        Args:
            password: the password that a user entered.
            password_hash: the stored hash. None, for an unknown user, takes as long and returns False, so
                that the time does not reveal which users exist; so does an empty hash, of a user without a
                password.

        Raises:
            PasswordHashingBusy: too many calls are waiting.
        """
        ...
