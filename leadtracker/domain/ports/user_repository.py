"""Port: the users who may sign in."""

from typing import Protocol

from leadtracker.domain.model.account import User


class UserRepository(Protocol):
    """Stores users by name."""

    def add(self, user: User) -> None:
        """Store a new user.

        Raises:
            NameTaken: a user of that name exists; the transaction can go on.
        """
        ...

    def get(self, name: str) -> User:
        """The user with that name, disabled or not.

        Raises:
            AccountNotFound: there is none.
        """
        ...

    def find(self, name: str) -> User | None:
        """The user with that name, disabled or not, if there is one."""
        ...

    def all(self) -> list[User]:
        """Every user, by name."""
        ...

    def save(self, user: User) -> None:
        """Store the new state of a user who exists."""
        ...
