"""Port: the users who may sign in."""

from typing import Protocol

from leadtracker.domain.model.accounts.account import User


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

        In a unit of work that may write, nobody else can change the user until it ends.

        Raises:
            AccountNotFound: there is none.
        """
        ...

    def find(self, name: str) -> User | None:
        """The user with that name, disabled or not, if there is one."""
        ...

    def enabled_admins(self) -> list[User]:
        """Every admin who is not disabled, by name.

        In a unit of work that may write, nobody else can change them until it ends; whoever wants to get
        another user as well asks for the admins first, so that no two wait for each other.
        """
        ...

    def all(self) -> list[User]:
        """Every user, by name."""
        ...

    def save(self, user: User) -> None:
        """Store the new state of a user who exists."""
        ...
