"""Manage the users who may sign in."""

from collections.abc import Mapping

from attrs import frozen

from leadtracker.domain.errors import LastAdmin, NameTaken
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Permission, Role
from leadtracker.domain.model.accounts.account import User, name_to_find
from leadtracker.domain.model.accounts.account_draft import UserChange, UserDraft
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class ManageUsers:
    """Add, list and change users."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _hasher: PasswordHasher

    def add(self, actor: Actor, name: str, role: Role, password: str, email: str | None = None) -> User:
        """Add a user; errors are those of ``create``."""
        return self.create(actor, {"name": name, "role": role, "password": password, "email": email})

    def create(self, actor: Actor, fields: Mapping[str, object]) -> User:
        """Add the user that raw fields describe: ``name``, ``role``, ``password``, perhaps ``email``.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: naming every bad field.
            NameTaken: there is a user of that name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        draft = UserDraft.read(fields)
        user = User(
            name=draft.name,
            role=draft.role,
            email=draft.email,
            password_hash=self._hasher.hash(draft.password),
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

    def one(self, actor: Actor, name: str) -> User:
        """The user of that name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: there is no such user.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.users.get(name_to_find(name))

    def change(self, actor: Actor, name: str, fields: Mapping[str, object]) -> User:
        """Change a user, all at once and with effect at once; a new password, or disabling, ends sessions.

        Args:
            actor: who asks.
            name: the user's.
            fields: what to change: ``role``, ``email`` (None clears it), ``password``, ``disabled``.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: naming every bad field.
            AccountNotFound: there is no such user.
            LastAdmin: nobody would be left to manage accounts. The operator may do it all the same.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        change = UserChange.read(fields)
        password_hash = None if change.password is None else self._hasher.hash(change.password)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            admins = tx.users.enabled_admins()
            user = tx.users.get(name_to_find(name))
            changed = change.of(user, password_hash, now)
            if actor != OPERATOR and admins == [user] and not changed.is_enabled_admin:
                raise LastAdmin(user.name)
            tx.users.save(changed)
            if password_hash is not None or changed.disabled_at is not None:
                tx.sessions.end_of(user.name)
            tx.commit()
        return changed

    def disable(self, actor: Actor, name: str) -> User:
        """Lock a user out; disabling twice changes nothing. Errors are those of ``change``."""
        return self.change(actor, name, {"disabled": True})

    def set_password(self, actor: Actor, name: str, password: str) -> User:
        """Give a user a new password, which ends the old one. Errors are those of ``change``."""
        return self.change(actor, name, {"password": password})


@frozen(kw_only=True)
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
