"""Authenticate users and API clients."""

from contextlib import suppress
from datetime import datetime

from attrs import evolve, field, frozen

from leadtracker.domain.errors import (
    AuthenticationFailed,
    InvalidInput,
    SecondFactorRequired,
    StorageUnavailable,
)
from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Role
from leadtracker.domain.model.accounts.account import (
    API_KEY_PREFIX,
    USE_PRECISION,
    ApiKey,
    User,
    check_account_name,
    digest_of,
)
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.password import normalise_password
from leadtracker.domain.model.accounts.second_factor import GRACE, SecondFactorPolicy
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

CONFIGURED_KEY = Actor("api-key:LEADTRACKER_API_KEY", Role.AGENT)
"""The actor of the API key that the settings give instead of the database."""


@frozen(kw_only=True)
class SignIn:
    """Turn credentials into an actor; every failure has the same error and takes the same time.

    Args:
        configured_key: the secret of the API key that the settings give; None without one.
        only_password_user: the one user who may sign in with a password; None if all may.
        policy: which users must have a second factor.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _hasher: PasswordHasher
    _configured_key: str | None = field(default=None, repr=False)
    _only_password_user: str | None = None
    _policy: SecondFactorPolicy = SecondFactorPolicy.OFF

    def with_password(self, name: str, password: str, address: str | None = None) -> Actor:
        """Return the actor of the user with this password, which alone must be enough.

        Arguments and errors are those of ``user``, and:

        Raises:
            SecondFactorRequired: the user has a second factor, or the time to set one up is over.
        """
        user, now = self.user(name, password, address), self._clock.now()
        if user.second_factor_at is not None or self._policy.is_overdue(user, now):
            caller = evolve(user.actor, address=address)
            self._record(AuditRecord.by(caller, AuditAction.SECOND_FACTOR_FAILED, now, user.name))
            raise SecondFactorRequired
        return user.actor

    def user(self, name: str, password: str, address: str | None = None) -> User:
        """Return the user with this name and password; the audit log gets every failure.

        Args:
            name: as the caller typed it.
            password: as the caller typed it.
            address: the caller's IP address; None outside of HTTP.

        Raises:
            AuthenticationFailed: the user does not exist or is disabled, or the password is wrong.
        """
        candidate = _acceptable(password)
        user = self._find(name) if candidate else None
        is_proven = self._hasher.verify(candidate, None if user is None else user.password_hash)
        if user is None or not is_proven:
            # What was typed as an unknown name stays out of the log: it may be a password.
            caller, subject = evolve(PUBLIC, address=address), "" if user is None else user.name
            self._record(AuditRecord.by(caller, AuditAction.SIGN_IN_FAILED, self._clock.now(), subject))
            raise AuthenticationFailed
        return self._with_grace(user)

    def _with_grace(self, user: User) -> User:
        """Let the time to set up a second factor begin when a user first proves to be obliged to have one."""
        is_unmet = self._policy.is_unmet(user)
        if is_unmet is (user.second_factor_grace_until is not None):
            return user
        with self._unit_of_work() as tx:
            until = self._clock.now() + GRACE if is_unmet else None
            changed = evolve(tx.users.get(user.name), second_factor_grace_until=until)
            tx.users.save(changed)
            tx.commit()
        return changed

    def _record(self, record: AuditRecord) -> None:
        with self._unit_of_work() as tx:
            tx.audit_log.append(record)
            tx.commit()

    def with_api_key(self, secret: str) -> Actor:
        """Return the actor of the API key with this secret.

        Raises:
            AuthenticationFailed: no key has this secret, or it was revoked or has expired, or the user who
                created it is disabled.
        """
        if self._is_configured_key(secret):
            return CONFIGURED_KEY
        if not (secret.startswith(API_KEY_PREFIX) and secret.isascii()):
            raise AuthenticationFailed
        with self._unit_of_work.read_only() as tx:
            key = tx.api_keys.find_by_digest(digest_of(secret))
            creator = None if key is None or key.creator is None else tx.users.find(key.creator)
        now = self._clock.now()
        is_withdrawn = creator is not None and creator.disabled_at is not None
        if key is None or not key.is_valid(now) or is_withdrawn:
            raise AuthenticationFailed
        if key.last_used_at is None or now - key.last_used_at >= USE_PRECISION:
            self._record_use(key, now)
        return key.actor

    def record_key_failure(self, secret: str, address: str | None) -> None:
        """Record a rejected API key in the audit log; by its name, if it was revoked or has expired."""
        caller, name = evolve(PUBLIC, address=address), ""
        with self._unit_of_work() as tx:
            if secret.startswith(API_KEY_PREFIX) and secret.isascii():
                key = tx.api_keys.find_by_digest(digest_of(secret))
                name = "" if key is None else key.name
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGN_IN_FAILED, self._clock.now(), name))
            tx.commit()

    def _record_use(self, key: ApiKey, now: datetime) -> None:
        with suppress(StorageUnavailable), self._unit_of_work() as tx:  # the request matters more
            tx.api_keys.record_use(key.name, now)
            tx.commit()

    def _is_configured_key(self, secret: str) -> bool:
        if self._configured_key is None or not secret.isascii():
            return False
        # The time that comparing digests takes reveals nothing about the secret.
        return digest_of(secret) == digest_of(self._configured_key)

    def _find(self, name: str) -> User | None:
        """Return the enabled user with this name who may use a password, or None."""
        try:
            name = check_account_name(name)
        except InvalidInput:
            return None
        with self._unit_of_work.read_only() as tx:
            user = tx.users.find(name)
        if self._only_password_user not in {None, name}:
            return None
        return None if user is None or user.disabled_at is not None else user


def _acceptable(password: str) -> str:
    """Return the password, or an empty one, which no user has, if it breaks the password rules."""
    try:
        return normalise_password(password)
    except InvalidInput:
        return ""
