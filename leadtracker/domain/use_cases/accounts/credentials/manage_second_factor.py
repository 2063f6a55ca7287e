"""Set up, renew and remove second factors."""

from attrs import evolve, field, frozen

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorRequired, SecretUnreadable
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.account import User, name_to_find
from leadtracker.domain.model.accounts.account_change import AccountChange
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.second_factor import (
    MAX_CODE_LENGTH,
    NUMBER_OF_RECOVERY_CODES,
    SecondFactor,
    SecondFactorPolicy,
    purpose_of,
    recovery_code,
    recovery_digest,
)
from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.ports.accounts.second_factors import OneTimePasswords, SecretBox
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen
class SecondFactorSetup:
    """The secret and its forms that an authenticator app needs.

    Attributes:
        secret: to be typed into the app.
        uri: to be shown as a QR code instead.
    """

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@frozen(kw_only=True)
class ManageSecondFactor:
    """Manage the second factor of a user."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _one_time_passwords: OneTimePasswords
    _secret_box: SecretBox
    _policy: SecondFactorPolicy
    _notifications: Notifications

    def set_up(self, user: User) -> SecondFactorSetup:
        """Return what the user's app needs: the same until the second factor is enabled.

        Raises:
            AuthenticationFailed: the user has a second factor already.
        """
        if user.second_factor_at is not None:
            raise AuthenticationFailed
        with self._unit_of_work() as tx:
            factor = tx.second_factors.find(user.name)
            secret = None if factor is None else self._secret(factor)
            if secret is None:
                secret = self._one_time_passwords.new_secret()
                sealed = self._secret_box.seal(secret, purpose_of(user.name))
                tx.second_factors.save(SecondFactor(user=user.name, sealed_secret=sealed))
                tx.commit()
        return SecondFactorSetup(secret, self._one_time_passwords.uri(secret, user.name))

    def _secret(self, factor: SecondFactor) -> str | None:
        """Return the secret; None if it was sealed with another secret key."""
        try:
            return self._secret_box.open(factor.sealed_secret, purpose_of(factor.user))
        except SecretUnreadable:
            return None

    def enable(self, session: UserSession, code: str, address: str | None = None) -> list[str]:
        """Ask for the second factor from now on, end the user's other sessions, and return recovery codes.

        Raises:
            AuthenticationFailed: the code is wrong, or the setup has not begun or is done.
        """
        now = self._clock.now()
        with self._unit_of_work() as tx:
            user, factor = tx.users.get(session.user), tx.second_factors.find(session.user)
            if factor is None or factor.enabled_at is not None:
                raise AuthenticationFailed
            secret = self._secret_box.open(factor.sealed_secret, purpose_of(user.name))
            given = code[:MAX_CODE_LENGTH].replace(" ", "")
            step = self._one_time_passwords.matching_step(secret, given, now)
            if step is None:
                raise AuthenticationFailed
            tx.second_factors.save(evolve(factor.after_success(step), enabled_at=now))
            tx.users.save(evolve(user, second_factor_at=now, second_factor_grace_until=None))
            for other in tx.sessions.of(user.name):
                if other.digest != session.digest:
                    tx.sessions.end(other.digest)
            caller = evolve(user.actor, address=address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SECOND_FACTOR_ENABLED, now, user.name))
            codes = self._store_recovery_codes(tx, user)
            self._notifications.account_changed(tx, user, AccountChange.SECOND_FACTOR_ENABLED, now)
            tx.commit()
        return codes

    def renew_recovery_codes(self, user: User, address: str | None = None) -> list[str]:
        """Replace the recovery codes of a user, and return the new ones, which are shown once.

        Raises:
            AuthenticationFailed: the user has no second factor.
        """
        if user.second_factor_at is None:
            raise AuthenticationFailed
        with self._unit_of_work() as tx:
            codes = self._store_recovery_codes(tx, user)
            caller, now = evolve(user.actor, address=address), self._clock.now()
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.RECOVERY_CODES_CREATED, now, user.name))
            tx.commit()
        return codes

    def count_recovery_codes(self, user: User) -> int:
        """Return how many recovery codes a user has left."""
        with self._unit_of_work.read_only() as tx:
            return tx.second_factors.count_recovery_codes(user.name)

    def remove_own(self, user: User, address: str | None = None) -> None:
        """Remove the second factor of a user who does not need one.

        Raises:
            SecondFactorRequired: the user must have one.
        """
        if self._policy.obliges(user):
            raise SecondFactorRequired
        self._remove(evolve(user.actor, address=address), user.name, ends_sessions=False)

    def remove(self, actor: Actor, name: str) -> bool:
        """Remove the second factor of a user, for example a lost one, and end the user's sessions.

        Returns:
            True if the user had one.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no user has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        return self._remove(actor, name_to_find(name), ends_sessions=True)

    def _remove(self, actor: Actor, name: str, *, ends_sessions: bool) -> bool:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            user = tx.users.get(name)
            tx.second_factors.remove(user.name)
            if user.second_factor_at is not None:
                tx.users.save(evolve(user, second_factor_at=None, second_factor_grace_until=None))
                tx.audit_log.append(AuditRecord.by(actor, AuditAction.SECOND_FACTOR_REMOVED, now, user.name))
                self._notifications.account_changed(tx, user, AccountChange.SECOND_FACTOR_REMOVED, now)
                if ends_sessions:
                    tx.sessions.end_of(user.name)
            tx.commit()
        return user.second_factor_at is not None

    def _store_recovery_codes(self, tx: UnitOfWork, user: User) -> list[str]:
        codes = [recovery_code(self._ids.secret()) for _ in range(NUMBER_OF_RECOVERY_CODES)]
        tx.second_factors.replace_recovery_codes(user.name, [recovery_digest(code) for code in codes])
        return codes
