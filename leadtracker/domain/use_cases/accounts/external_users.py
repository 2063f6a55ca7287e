"""Find, link or create the user of a person who has signed in at the OpenID provider."""

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import EntryDenied, NameTaken
from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.accounts.account import PasswordState, User
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.external_identity import (
    ExternalIdentity,
    ProvenIdentity,
    account_names,
    highest_role,
)
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.unit_of_work import UnitOfWork

PROVIDER = Actor("openid-provider", None)
"""The actor of what the provider's word changes: users that are created, linked or get another role."""


@frozen(kw_only=True)
class ExternalUsers:
    """Decides which user a person is. A user is only ever linked to one person of an issuer.

    Args:
        roles: the role of each group at the provider that has one.
        emergency_admin: the name of the user who signs in with a password when the provider is down, and who
            is therefore neither linked nor created.
    """

    _roles: Mapping[str, Role]
    _emergency_admin: str

    def find(self, tx: UnitOfWork, proven: ProvenIdentity) -> User | None:
        """Return the user of a person if nothing about it has to be stored; else None."""
        identity = tx.external_identities.find(proven.issuer, proven.subject)
        user = None if identity is None else tx.users.find(identity.user)
        is_current = user is not None and user.disabled_at is None and user.role is self._role(proven)
        return user if is_current else None

    def admit(self, tx: UnitOfWork, proven: ProvenIdentity, now: datetime) -> User | None:
        """Return the user of a person, who is linked, created or given another role if needed.

        Returns:
            None if another unit of work links the person at this moment; trying again finds the user.

        Raises:
            EntryDenied: the person may not enter.
        """
        identity = tx.external_identities.find(proven.issuer, proven.subject)
        known = None if identity is None else tx.users.get(identity.user)
        role = self._role(proven)
        if role is None:
            raise EntryDenied("" if known is None else known.name, "no group of the person has a role")
        user = known or self._user_of_address(tx, proven) or self._create(tx, proven, role, now)
        if user.disabled_at is not None:
            raise EntryDenied(user.name, "the user is disabled")
        if known is None and not self._link(tx, proven, user, now):
            return None
        return self._with_role(tx, user, role, now, is_new=known is None)

    def keep(self, tx: UnitOfWork, proven: ProvenIdentity, name: str, now: datetime) -> None:
        """Give the user of a session the role that the person has at the provider now.

        Raises:
            EntryDenied: the person has no role any more, or is not this user, or the user is disabled.
        """
        identity, role = tx.external_identities.find(proven.issuer, proven.subject), self._role(proven)
        user = tx.users.get(name)
        is_linked = identity is not None and identity.user == name
        if role is None or not is_linked or user.disabled_at is not None:
            raise EntryDenied(name, "the person has no role any more, or is not the user any more")
        self._with_role(tx, user, role, now, is_new=False)

    def _role(self, proven: ProvenIdentity) -> Role | None:
        return highest_role(proven.groups, self._roles)

    def _user_of_address(self, tx: UnitOfWork, proven: ProvenIdentity) -> User | None:
        """Return the user with the verified address of a person; None if there is none.

        Raises:
            EntryDenied: several users have the address, or the user is linked to another person already: an
                address can pass to another person, and must not take the user along.
        """
        if proven.email is None:
            return None
        found = [
            user
            for user in tx.users.all()
            if not self._is_emergency_admin(user.name) and _has(user, proven.email)
        ]
        if not found:
            return None
        user = tx.users.get(found[0].name)
        # The person may be linked concurrently, which ``_link`` finds out.
        is_of_another = any(
            identity.issuer == proven.issuer and identity.subject != proven.subject
            for identity in tx.external_identities.of_user(user.name)
        )
        if len(found) > 1 or is_of_another:
            raise EntryDenied("", "the address is that of several users, or of one who is linked to another")
        return user

    def _create(self, tx: UnitOfWork, proven: ProvenIdentity, role: Role, now: datetime) -> User:
        for name in account_names(proven.names):
            if self._is_emergency_admin(name):
                continue
            user = User(
                name=name,
                role=role,
                email=None if proven.email is None else proven.email.text,
                password_hash="",
                password_state=PasswordState.NONE,
                created_at=now,
            )
            try:
                tx.users.add(user)
            except NameTaken:
                continue
            tx.audit_log.append(AuditRecord.by(PROVIDER, AuditAction.USER_CREATED, now, name))
            return user
        raise EntryDenied("", "no name is free for the user")

    def _link(self, tx: UnitOfWork, proven: ProvenIdentity, user: User, now: datetime) -> bool:
        identity = ExternalIdentity(
            issuer=proven.issuer, subject=proven.subject, user=user.name, linked_at=now
        )
        if not tx.external_identities.add(identity):
            return False
        tx.audit_log.append(AuditRecord.by(PROVIDER, AuditAction.IDENTITY_LINKED, now, user.name))
        return True

    def _with_role(self, tx: UnitOfWork, user: User, role: Role, now: datetime, *, is_new: bool) -> User:
        """Give a user the role that the provider grants; linking also takes the password away.

        A password that stayed would still work after the provider has disabled the person.
        """
        changed = evolve(user, role=role)
        if is_new:
            changed = evolve(changed, password_hash="", password_state=PasswordState.NONE)
        if changed != user:
            tx.users.save(changed)
            tx.audit_log.append(AuditRecord.by(PROVIDER, AuditAction.USER_CHANGED, now, user.name))
        if changed.password_hash != user.password_hash:
            tx.sessions.end_of(user.name)
        return changed

    def _is_emergency_admin(self, name: str) -> bool:
        return name.casefold() == self._emergency_admin.casefold()


def _has(user: User, email: EmailAddress) -> bool:
    return user.email is not None and EmailAddress.parse(user.email).key == email.key
