"""Manage users and their passwords."""

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import LastAdmin, NameTaken
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Permission, Role
from leadtracker.domain.model.accounts.account import PasswordState, User, name_to_find, user_name_of
from leadtracker.domain.model.accounts.account_change import AccountChange, has_other_address
from leadtracker.domain.model.accounts.account_draft import UserChange, UserDraft
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.ownership.release_leads import ReleaseLeads


@frozen(kw_only=True)
class ManageUsers:
    """Add, list and change users."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _hasher: PasswordHasher
    _release_leads: ReleaseLeads
    _notifications: Notifications

    def add(self, actor: Actor, name: str, role: Role, password: str, email: str | None = None) -> User:
        """Add a user; the errors are those of ``create``."""
        return self.create(actor, {"name": name, "role": role, "password": password, "email": email})

    def create(self, actor: Actor, fields: Mapping[str, object], *, is_temporary: bool = False) -> User:
        """Add a user from unvalidated fields.

        Args:
            actor: the caller.
            fields: ``name``, ``role``, ``password`` and, optionally, ``email`` and ``assignable``.
            is_temporary: true if the user must change the password even though the operator has chosen it.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: names every invalid field.
            NameTaken: a user has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        draft = UserDraft.read(fields)
        user = User(
            name=draft.name,
            role=draft.role,
            email=draft.email,
            is_assignable=draft.is_assignable,
            password_hash=self._hasher.hash(draft.password),
            password_state=_state_of_password(actor, draft.name, is_temporary=is_temporary),
            created_at=self._clock.now(),
        )
        with self._unit_of_work() as tx:
            tx.users.add(user)
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.USER_CREATED, user.created_at, user.name))
            tx.commit()
        return user

    def all(self, actor: Actor) -> list[User]:
        """Return every user, sorted by name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.users.all()

    def identities(self, actor: Actor) -> dict[str, list[ExternalIdentity]]:
        """Return the persons at the OpenID provider whom users are linked to, by the name of the user.

        Raises:
            PermissionDenied: the actor may not manage accounts.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            identities = tx.external_identities.all()
        found: dict[str, list[ExternalIdentity]] = {}
        for identity in identities:
            found.setdefault(identity.user, []).append(identity)
        return found

    def one(self, actor: Actor, name: str) -> User:
        """Return the user with this name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no user has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.users.get(name_to_find(name))

    def change(
        self, actor: Actor, name: str, fields: Mapping[str, object], *, is_temporary: bool = False
    ) -> User:
        """Change a user with immediate effect; a new password, or disabling, ends the user's sessions.

        The open leads of a disabled user become unowned.

        Args:
            actor: the caller.
            name: the user's name.
            fields: the unvalidated changes: ``role``, ``email`` (None clears it), ``password``,
                ``disabled`` and ``assignable``.
            is_temporary: true if the user must change the password even though the operator has chosen it.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: names every invalid field.
            AccountNotFound: no user has this name.
            LastAdmin: no enabled admin would remain; only the operator may do that.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        change = UserChange.read(fields, name)
        password_hash = None if change.password is None else self._hasher.hash(change.password)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            admins = tx.users.enabled_admins()
            user = tx.users.get(name_to_find(name))
            changed = change.of(user, now)
            if password_hash is not None:
                state = _state_of_password(actor, user.name, is_temporary=is_temporary)
                changed = evolve(changed, password_hash=password_hash, password_state=state)
            if actor != OPERATOR and admins == [user] and not changed.is_enabled_admin:
                raise LastAdmin(user.name)
            self._store(tx, actor, user, changed, now)
            tx.commit()
        if changed.disabled_at is not None:
            self._release_leads(actor, user.name)
        return changed

    def _store(self, tx: UnitOfWork, actor: Actor, before: User, after: User, now: datetime) -> None:
        """Store a changed user, end what the change ends, and mail the user what they must know of."""
        tx.users.save(after)
        tx.audit_log.append(AuditRecord.by(actor, AuditAction.USER_CHANGED, now, after.name))
        has_other_password = before.password_hash != after.password_hash
        if has_other_password or after.disabled_at is not None:
            tx.sessions.end_of(after.name)
            tx.account_links.remove_of(after.name)
        if has_other_password:
            self._notifications.account_changed(tx, before, AccountChange.PASSWORD, now)
        if has_other_address(before, after):
            self._notifications.account_changed(tx, before, AccountChange.EMAIL, now)

    def disable(self, actor: Actor, name: str) -> User:
        """Disable a user; disabling twice changes nothing. The errors are those of ``change``.

        If it was interrupted, disabling again makes the remaining open leads unowned.
        """
        return self.change(actor, name, {"disabled": True})

    def unlink(self, actor: Actor, name: str) -> int:
        """Unlink a user from the persons at the OpenID provider, and end the user's sessions.

        Returns:
            The number of persons; the next one with the user's verified address is linked.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no user has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work() as tx:
            user = tx.users.get(name_to_find(name))
            removed = tx.external_identities.remove_of_user(user.name)
            if removed:
                tx.sessions.end_of(user.name)
                now = self._clock.now()
                tx.audit_log.append(AuditRecord.by(actor, AuditAction.USER_CHANGED, now, user.name))
            tx.commit()
        return removed

    def set_password(self, actor: Actor, name: str, password: str, *, is_temporary: bool = False) -> User:
        """Replace a user's password. Arguments and errors are those of ``change``."""
        return self.change(actor, name, {"password": password}, is_temporary=is_temporary)


def _state_of_password(actor: Actor, user: str, *, is_temporary: bool) -> PasswordState:
    """Return the state of a password that an actor sets for a user.

    An admin knows the password of another user only until its first use on the pages. The operator can read
    all data anyway, and sets passwords for API clients, too.
    """
    is_own = actor == OPERATOR or user_name_of(actor.name) == user
    return PasswordState.OWN if is_own and not is_temporary else PasswordState.TEMPORARY


@frozen(kw_only=True)
class EnsureAdmin:
    """Create the first admin of a new installation."""

    _manage_users: ManageUsers
    _ids: IdSource

    def __call__(self, name: str, password: str | None) -> str | None:
        """Create an admin if there are no users.

        Returns:
            The generated password, to be shown once, if none was given and this call created the admin.

        Raises:
            InvalidInput: the name or the password is not acceptable.
        """
        if self._manage_users.all(OPERATOR):
            return None
        generated = None if password else self._ids.secret()
        try:
            self._manage_users.add(OPERATOR, name, Role.ADMIN, password or generated or "")
        except NameTaken:  # a process that started concurrently has created the admin
            return None
        return generated
