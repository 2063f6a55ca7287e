"""Manage the login sessions of users in browsers."""

from attrs import evolve, frozen

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import User, digest_of
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.user_session import (
    MAX_SESSION_AGE,
    MAX_SESSION_IDLE,
    Browser,
    UserSession,
)
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.sign_in import SignIn

_UNKNOWN = Browser()


@frozen
class SignedIn:
    """A session that is not over, with its user, who is enabled."""

    user: User
    session: UserSession

    @property
    def must_change_password(self) -> bool:
        """True if the user may do nothing on the pages before choosing a password."""
        return self.user.must_change_password


@frozen(kw_only=True)
class UserSessions:
    """Begin, use and end sessions; the store keeps only a digest of the secret in the browser's cookie."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _sign_in: SignIn

    def begin(self, name: str, password: str, browser: Browser = _UNKNOWN) -> str:
        """Sign a user in, and return the secret of the new session.

        Raises:
            AuthenticationFailed: the user does not exist or is disabled, or the password is wrong.
        """
        proven = self._sign_in.user(name, password, browser.address)
        now, secret = self._clock.now(), self._ids.secret()
        with self._unit_of_work() as tx:
            # The user may have been disabled, or their password changed, since it was verified.
            if tx.users.get(proven.name) != proven:
                raise AuthenticationFailed
            tx.sessions.add(UserSession.start(secret, proven.name, browser, now))
            caller = evolve(proven.actor, address=browser.address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGNED_IN, now, proven.name))
            tx.commit()
        return secret

    def find(self, secret: str) -> SignedIn | None:
        """Return the session with this secret and its user; None if it is over or unknown."""
        now, digest = self._clock.now(), digest_of(secret)
        with self._unit_of_work.read_only() as tx:
            session = tx.sessions.find(digest)
            if session is None or session.is_over(now):
                return None
            user = tx.users.get(session.user)
        if session.is_to_be_seen(now):
            with self._unit_of_work() as tx:
                tx.sessions.see(digest, now)
                tx.commit()
        return None if user.disabled_at is not None else SignedIn(user, session)

    def actor(self, secret: str) -> Actor | None:
        """Return the actor of the session with this secret; None if it is over or unknown."""
        found = self.find(secret)
        return None if found is None else found.user.actor

    def of(self, user: str) -> list[UserSession]:
        """Return the sessions of a user that are not over, the one used last first."""
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            return [session for session in tx.sessions.of(user) if not session.is_over(now)]

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
