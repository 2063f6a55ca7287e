"""Manage the login sessions of users in browsers."""

from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import User, digest_of
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.second_factor import SecondFactorPolicy, is_code
from leadtracker.domain.model.accounts.user_session import (
    MAX_SESSION_AGE,
    MAX_SESSION_IDLE,
    Browser,
    UserSession,
)
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.credentials.verify_second_factor import VerifySecondFactor
from leadtracker.domain.use_cases.accounts.sign_in import SignIn

_UNKNOWN = Browser()


@frozen(kw_only=True)
class SignedIn:
    """A session that is not over, with its user, who is enabled.

    Attributes:
        is_confirmed: true if the user proved their identity recently enough for sensitive pages.
        must_have_second_factor: true if the user has none and must set one up, now or soon.
        is_overdue: true if the time for that is over.
    """

    user: User
    session: UserSession
    is_confirmed: bool
    must_have_second_factor: bool
    is_overdue: bool

    @property
    def is_restricted(self) -> bool:
        """True if the user may do nothing but choose a password, or set up a second factor."""
        return self.user.must_change_password or self.is_overdue


@frozen(kw_only=True)
class UserSessions:
    """Begin, use and end sessions; the store keeps only a digest of the secret in the browser's cookie.

    Args:
        check_provider_session: asks the OpenID provider whether a session may continue, and ends it if not.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _sign_in: SignIn
    _verify_second_factor: VerifySecondFactor
    _policy: SecondFactorPolicy
    _check_provider_session: Callable[[UserSession], bool]

    def begin(self, name: str, password: str, browser: Browser = _UNKNOWN) -> str:
        """Sign a user in, and return the secret of the new session.

        If the user has a second factor, the session is pending until ``complete`` has verified a code.

        Raises:
            AuthenticationFailed: the user does not exist or is disabled, or the password is wrong.
        """
        proven = self._sign_in.user(name, password, browser.address)
        now, secret = self._clock.now(), self._ids.secret()
        with self._unit_of_work() as tx:
            # The user may have been disabled, or their password changed, since it was verified.
            if tx.users.get(proven.name) != proven:
                raise AuthenticationFailed
            is_pending = proven.second_factor_at is not None
            tx.sessions.add(UserSession.start(secret, proven.name, browser, now, is_pending=is_pending))
            if not is_pending:
                caller = evolve(proven.actor, address=browser.address)
                tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGNED_IN, now, proven.name))
            tx.commit()
        return secret

    def pending(self, secret: str) -> User | None:
        """Return the user of a session that waits for the second factor; None if it is no such session."""
        with self._unit_of_work.read_only() as tx:
            session = tx.sessions.find(digest_of(secret))
            if session is None or not session.is_pending or session.is_over(self._clock.now()):
                return None
            user = tx.users.get(session.user)
        return None if user.disabled_at is not None else user

    def complete(self, pending: str, code: str, browser: Browser = _UNKNOWN) -> str:
        """Verify the second factor of a pending session, and return the secret of a new one in its place.

        Raises:
            AuthenticationFailed: the code is wrong, or no such session is pending.
            SecondFactorLocked: too many codes were wrong.
            SecretUnreadable: see ``VerifySecondFactor``.
        """
        user = self.pending(pending)
        if user is None:
            raise AuthenticationFailed
        self._verify_second_factor(user, code, browser.address)
        now, secret = self._clock.now(), self._ids.secret()
        with self._unit_of_work() as tx:
            if tx.users.get(user.name) != user or tx.sessions.find(digest_of(pending)) is None:
                raise AuthenticationFailed
            tx.sessions.end(digest_of(pending))
            tx.sessions.add(UserSession.start(secret, user.name, browser, now))
            caller = evolve(user.actor, address=browser.address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGNED_IN, now, user.name))
            tx.commit()
        return secret

    def confirm(self, signed_in: SignedIn, proof: str, address: str | None) -> None:
        """Record that a user has proved their identity again, by the password or a code.

        Raises:
            AuthenticationFailed: the proof is neither.
            SecondFactorLocked: too many codes were wrong.
        """
        user = signed_in.user
        if user.second_factor_at is not None and is_code(proof):
            self._verify_second_factor(user, proof, address)
        else:
            self._sign_in.user(user.name, proof, address)
        with self._unit_of_work() as tx:
            tx.sessions.confirm(signed_in.session.digest, self._clock.now())
            tx.commit()

    def find(self, secret: str) -> SignedIn | None:
        """Return the session with this secret and its user; None if it is over or unknown."""
        now, digest = self._clock.now(), digest_of(secret)
        signed_in = self._read(digest, now)
        if signed_in is not None and signed_in.session.is_to_be_checked(now):
            continues = self._check_provider_session(signed_in.session)
            signed_in = self._read(digest, now) if continues else None
        if signed_in is not None and signed_in.session.is_sighting_due(now):
            with self._unit_of_work() as tx:
                tx.sessions.see(digest, now)
                tx.commit()
        return signed_in

    def _read(self, digest: str, now: datetime) -> SignedIn | None:
        """Return a session that is not over, with its user; None if there is none or the user is disabled."""
        with self._unit_of_work.read_only() as tx:
            session = tx.sessions.find(digest)
            if session is None or session.is_pending or session.is_over(now):
                return None
            user = tx.users.get(session.user)
        return None if user.disabled_at is not None else self._signed_in(user, session, now)

    def _signed_in(self, user: User, session: UserSession, now: datetime) -> SignedIn:
        # The OpenID provider decides how it identifies its users.
        is_asked = not session.is_from_provider
        return SignedIn(
            user=user,
            session=session,
            is_confirmed=session.is_confirmed(now),
            must_have_second_factor=is_asked and self._policy.is_unmet(user),
            is_overdue=is_asked and self._policy.is_overdue(user, now),
        )

    def actor(self, secret: str) -> Actor | None:
        """Return the actor of the session with this secret; None if it is over or unknown."""
        found = self.find(secret)
        return None if found is None else found.user.actor

    def of(self, user: str) -> list[UserSession]:
        """Return the sessions of a user that are not over, the one used last first."""
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            sessions = tx.sessions.of(user)
        return [session for session in sessions if not session.is_pending and not session.is_over(now)]

    def end(self, secret: str) -> None:
        """End the session with this secret."""
        with self._unit_of_work() as tx:
            tx.sessions.end(digest_of(secret))
            tx.commit()

    def end_of(self, user: str, digest: str) -> None:
        """End the session with this digest if it is one of the user's; do nothing otherwise."""
        with self._unit_of_work() as tx:
            session = tx.sessions.find(digest)
            if session is not None and session.user == user:
                tx.sessions.end(digest)
            tx.commit()

    def end_others(self, kept: UserSession) -> None:
        """End all sessions of a user but one."""
        with self._unit_of_work() as tx:
            for session in tx.sessions.of(kept.user):
                if session.digest != kept.digest:
                    tx.sessions.end(session.digest)
            tx.commit()

    def purge_expired(self) -> int:
        """Delete the sessions that are over, and return their number; called by every scheduler."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            purged = tx.sessions.purge(
                seen_before=now - MAX_SESSION_IDLE, started_before=now - MAX_SESSION_AGE
            )
            tx.commit()
        return purged
