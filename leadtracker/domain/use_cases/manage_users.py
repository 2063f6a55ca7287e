"""Manage the users who may sign in."""

from attrs import evolve, frozen

from leadtracker.domain.errors import InvalidInput, NameTaken
from leadtracker.domain.model.access import OPERATOR, Actor, Permission, Role
from leadtracker.domain.model.account import User, check_account_name, check_password, name_to_find
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.password_hasher import PasswordHasher
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class ManageUsers:
    """Add, list and disable users and set their passwords."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _hasher: PasswordHasher

    def add(self, actor: Actor, name: str, role: Role, password: str, email: str | None = None) -> User:
        """Add a user.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: a bad name, password or e-mail address.
            NameTaken: there is a user of that name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        user = User(
            name=check_account_name(name),
            role=role,
            email=_check_email(email),
            password_hash=self._hasher.hash(check_password(password)),
            created_at=self._clock.now(),
        )
        with self._unit_of_work() as tx:
            tx.users.add(user)
            tx.commit()
        return user

    def all(self, actor: Actor) -> list[User]:
        """Every user, by name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.users.all()

    def disable(self, actor: Actor, name: str) -> User:
        """Lock a user out at once; disabling twice changes nothing.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: there is no such user.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            user = tx.users.get(name_to_find(name))
            user = evolve(user, disabled_at=user.disabled_at or now)
            tx.users.save(user)
            tx.commit()
        return user

    def set_password(self, actor: Actor, name: str, password: str) -> User:
        """Give a user a new password, which ends the old one at once.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: a bad password.
            AccountNotFound: there is no such user.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        password_hash = self._hasher.hash(check_password(password))
        with self._unit_of_work() as tx:
            user = evolve(tx.users.get(name_to_find(name)), password_hash=password_hash)
            tx.users.save(user)
            tx.commit()
        return user


@frozen
class EnsureAdmin:
    """Make sure that somebody can sign in to a new installation."""

    _manage_users: ManageUsers
    _ids: IdSource

    def __call__(self, name: str, password: str | None) -> str | None:
        """Create the first admin if there is no user at all.

        Returns:
            The generated password if none was given and this call created the admin, to be shown once.

        Raises:
            InvalidInput: a bad name or password.
        """
        if self._manage_users.all(OPERATOR):
            return None
        generated = None if password else self._ids.secret()
        try:
            self._manage_users.add(OPERATOR, name, Role.ADMIN, password or generated or "")
        except NameTaken:  # another process starts for the first time, too, and was faster
            return None
        return generated


def _check_email(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return EmailAddress.parse(text).text
    except ValueError as error:
        raise InvalidInput.of("email", str(error)) from None
