"""Manage the keys of API clients."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import evolve, field, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission, Role
from leadtracker.domain.model.accounts.account import (
    API_KEY_PREFIX,
    ApiKey,
    digest_of,
    expiring,
    name_to_find,
)
from leadtracker.domain.model.accounts.account_draft import ApiKeyDraft
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class IssuedKey:
    """A new API key with its secret, which is shown only once."""

    key: ApiKey
    secret: str = field(repr=False)


@frozen(kw_only=True)
class ManageApiKeys:
    """Add, list and revoke API keys."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def add(self, actor: Actor, name: str, role: Role, lifetime: timedelta | None = None) -> str:
        """Add a key and return its secret; the errors are those of ``create``.

        Args:
            actor: the caller.
            name: the name of the key.
            role: its role.
            lifetime: after which the key expires; None without an end.
        """
        expires_at = None if lifetime is None else format_timestamp(self._clock.now() + lifetime)
        return self.create(actor, {"name": name, "role": role, "expires_at": expires_at}).secret

    def create(self, actor: Actor, fields: Mapping[str, object]) -> IssuedKey:
        """Add a key from the unvalidated fields ``name``, ``role`` and ``expires_at``.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: names every invalid field.
            NameTaken: a key has, or had, this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        now = self._clock.now()
        draft = ApiKeyDraft.read(fields, now)
        secret = API_KEY_PREFIX + self._ids.secret()
        key = ApiKey(
            name=draft.name,
            role=draft.role,
            digest=digest_of(secret),
            created_at=now,
            created_by=actor.name,
            expires_at=draft.expires_at,
        )
        with self._unit_of_work() as tx:
            tx.api_keys.add(key)
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.KEY_CREATED, key.created_at, key.name))
            tx.commit()
        return IssuedKey(key, secret)

    def all(self, actor: Actor) -> list[ApiKey]:
        """Return every key, sorted by name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.api_keys.all()

    def expiring(self, actor: Actor) -> list[ApiKey]:
        """Return the keys that expire soon, the next one first.

        Raises:
            PermissionDenied: the actor may not manage accounts.
        """
        return expiring(self.all(actor), self._clock.now())

    def one(self, actor: Actor, name: str) -> ApiKey:
        """Return the key with this name.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no key has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.api_keys.get(name_to_find(name, "API key"))

    def revoke(self, actor: Actor, name: str) -> ApiKey:
        """Revoke a key permanently, with immediate effect; revoking twice changes nothing.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no key has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            key = tx.api_keys.get(name_to_find(name, "API key"))
            key = evolve(key, revoked_at=key.revoked_at or now)
            tx.api_keys.save(key)
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.KEY_REVOKED, now, key.name))
            tx.commit()
        return key
