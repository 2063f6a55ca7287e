"""Port: stored users."""

from typing import Protocol

from leadtracker.domain.model.accounts.account import User


class UserRepository(Protocol):
    """Stores users by name."""

    def add(self, user: User) -> None:
        """Store a new user.

        Raises:
            NameTaken: a user of that name exists; the transaction stays usable.
        """
        ...

    def get(self, name: str) -> User:
        """Return the user with that name, disabled or not; a writing unit of work locks it until its end.

        Raises:
            AccountNotFound: no user has that name.
        """
        ...

    def find(self, name: str) -> User | None:
        """Return the user with that name, disabled or not; None if there is none."""
        ...

    def find_enabled(self, name: str) -> User | None:
        """Return the enabled user with that name; None if there is none.

        Until the end of a writing unit of work, no other one can read the user with ``get``, and therefore
        none can disable the user.
        """
        ...

    def enabled_admins(self) -> list[User]:
        """Return every enabled admin, sorted by name; a writing unit of work locks them until its end.

        A unit of work that also needs another user reads the admins first: one order of locking for all
        callers prevents deadlocks.
        """
        ...

    def all(self) -> list[User]:
        """Return every user, sorted by name."""
        ...

    def save(self, user: User) -> None:
        """Store the new state of an existing user."""
        ...
