"""Verify the code of a user's second factor."""

from attrs import evolve, frozen

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorLocked
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.second_factor import (
    MAX_CODE_LENGTH,
    SecondFactor,
    purpose_of,
    recovery_digest,
)
from leadtracker.domain.ports.accounts.second_factors import OneTimePasswords, SecretBox
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


@frozen(kw_only=True)
class VerifySecondFactor:
    """Accept each code once: one of the authenticator app, or a recovery code."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _one_time_passwords: OneTimePasswords
    _secret_box: SecretBox

    def __call__(self, user: User, code: str, address: str | None) -> None:
        """Check a code; the audit log gets every failure and every recovery code.

        Args:
            user: a user with an enabled second factor.
            code: as the user typed it.
            address: the client's IP address.

        Raises:
            AuthenticationFailed: the code is wrong, or was used before.
            SecondFactorLocked: too many codes were wrong; this one was not looked at.
            SecretUnreadable: the code of an app cannot be checked with the present secret key.
        """
        with self._unit_of_work() as tx:
            factor = tx.second_factors.find(user.name)
            if factor is None or factor.enabled_at is None:
                raise AuthenticationFailed
            is_right = self._check(tx, factor, code, user, address)
            tx.commit()
        if not is_right:
            raise AuthenticationFailed

    def _check(
        self, tx: UnitOfWork, factor: SecondFactor, code: str, user: User, address: str | None
    ) -> bool:
        now, caller = self._clock.now(), evolve(user.actor, address=address)
        if factor.is_locked(now):
            raise SecondFactorLocked
        given = code[:MAX_CODE_LENGTH].replace(" ", "")
        if tx.second_factors.take_recovery_code(user.name, recovery_digest(given)):
            tx.second_factors.save(factor.after_success(factor.last_step))
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.RECOVERY_CODE_USED, now, user.name))
            return True
        step = self._step(factor, given)
        if step is not None:
            tx.second_factors.save(factor.after_success(step))
            return True
        tx.second_factors.save(factor.after_failure(now))
        tx.audit_log.append(AuditRecord.by(caller, AuditAction.SECOND_FACTOR_FAILED, now, user.name))
        return False

    def _step(self, factor: SecondFactor, code: str) -> int | None:
        """Return the time step of a code that is right and newer than the last one."""
        secret = self._secret_box.open(factor.sealed_secret, purpose_of(factor.user))
        step = self._one_time_passwords.matching_step(secret, code, self._clock.now())
        return step if step is not None and step > factor.last_step else None
