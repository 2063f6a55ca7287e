"""Sign users in through the OpenID provider: with a browser, or with a token of the provider."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import evolve, frozen

from leadtracker.domain.errors import (
    AuthenticationFailed,
    EntryDenied,
    IdentityRejected,
    ProviderUnavailable,
    SecretUnreadable,
)
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.external_identity import (
    ProvenIdentity,
    ProviderTokens,
    purpose_of_tokens,
)
from leadtracker.domain.model.accounts.user_session import Browser, UserSession
from leadtracker.domain.ports.accounts.identity_provider import (
    IdentityProvider,
    PendingSignIn,
    ProviderResponse,
)
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.external_users import ExternalUsers

_MAX_CONFIRMATION_AGE = timedelta(minutes=5)
"""For how long a proof of identity at the provider counts as given for a page that asks for it again."""


@frozen(kw_only=True)
class ProviderSignIn:
    """Turn what the OpenID provider states into sessions and actors.

    Args:
        session_age: age at which a session is over, so that the provider is asked again.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _provider: IdentityProvider
    _secret_box: SecretBox
    _external_users: ExternalUsers
    _session_age: timedelta

    @property
    def host(self) -> str:
        """The host of the provider, by which users recognise it."""
        return self._provider.host

    def begin(self, redirect_uri: str, *, is_confirmation: bool = False) -> tuple[PendingSignIn, str]:
        """Begin a sign-in: return what the browser must keep, and the URL to which it is sent.

        Args:
            redirect_uri: the URL to which the provider sends the browser back.
            is_confirmation: true if the person must prove their identity again.

        Raises:
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        pending = PendingSignIn(
            state=self._ids.secret(),
            nonce=self._ids.secret(),
            code_verifier=self._ids.secret(),
            redirect_uri=redirect_uri,
            is_confirmation=is_confirmation,
        )
        return pending, self._provider.authorization_url(pending)

    def finish(self, pending: PendingSignIn | None, response: ProviderResponse, browser: Browser) -> str:
        """Start a session of the person whom the provider has signed in, and return its secret.

        Args:
            pending: what this browser has kept; None if it has begun no sign-in.
            response: the parameters with which it came back.
            browser: the browser.

        Raises:
            IdentityRejected: the response does not belong to this browser, or fails another check.
            EntryDenied: the person may not enter.
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        if pending is None or not hmac.compare_digest(pending.state.encode(), response.state.encode()):
            raise IdentityRejected("the response does not belong to a sign-in of this browser")
        if not response.code:
            raise IdentityRejected("the provider has not signed the person in")
        proven, tokens = self._provider.redeem(response, pending)
        now, secret = self._clock.now(), self._ids.secret()
        # A provider that does not state the time is trusted to have asked for the proof just now.
        confirmed_at = min(now, proven.authenticated_at or now)
        if pending.is_confirmation and now - confirmed_at > _MAX_CONFIRMATION_AGE:
            raise IdentityRejected("the person has not proved their identity again")

        def start_session(tx: UnitOfWork, user: User) -> None:
            session = UserSession.start(secret, user.name, browser, now)
            session = evolve(session, confirmed_at=confirmed_at, ends_at=now + self._session_age)
            tx.sessions.add(self._with_tokens(session, tokens))
            caller = evolve(user.actor, address=browser.address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGNED_IN, now, user.name))

        self._admit(proven, now, start_session)
        return secret

    def _with_tokens(self, session: UserSession, tokens: ProviderTokens) -> UserSession:
        sealed = self._secret_box.seal(tokens.as_text(), purpose_of_tokens(session.digest))
        can_be_checked = bool(tokens.refresh_token)
        return evolve(
            session, sealed_tokens=sealed, checked_at=session.started_at if can_be_checked else None
        )

    def end_session_url(self, session: UserSession, return_url: str) -> str | None:
        """Return the URL by which a browser signs out at the provider, too; None without one.

        A provider that does not respond has none.
        """
        if session.sealed_tokens is None:
            return None
        try:
            text = self._secret_box.open(session.sealed_tokens, purpose_of_tokens(session.digest))
            return self._provider.end_session_url(ProviderTokens.parse(text), return_url)
        except (SecretUnreadable, ProviderUnavailable):
            return None

    def actor(self, token: str) -> Actor:
        """Return the actor of the person whom a token of the provider describes.

        Raises:
            IdentityRejected: the token fails a check.
            EntryDenied: the person may not enter.
            ProviderUnavailable: the token cannot be checked now.
        """
        proven = self._provider.verify(token)
        with self._unit_of_work.read_only() as tx:
            user = self._external_users.find(tx, proven)
        return (user or self._admit(proven, self._clock.now(), _nothing)).actor

    def record_failure(self, error: AuthenticationFailed, address: str | None) -> None:
        """Record a failed sign-in in the audit log."""
        user = error.user if isinstance(error, EntryDenied) else ""
        caller, now = evolve(PUBLIC, address=address), self._clock.now()
        with self._unit_of_work() as tx:
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.SIGN_IN_FAILED, now, user))
            tx.commit()

    def _admit(self, proven: ProvenIdentity, now: datetime, then: Callable[[UnitOfWork, User], None]) -> User:
        """Admit a person, and call ``then`` in the same unit of work.

        Raises:
            EntryDenied: the person may not enter; sessions that the user still has are ended.
        """
        try:
            while True:
                with self._unit_of_work() as tx:
                    user = self._external_users.admit(tx, proven, now)
                    if user is not None:
                        then(tx, user)
                        tx.commit()
                        return user
        except EntryDenied as error:
            self._end_sessions(error.user)
            raise

    def _end_sessions(self, user: str) -> None:
        with self._unit_of_work.read_only() as tx:
            sessions = tx.sessions.of(user)
        if sessions:
            with self._unit_of_work() as tx:
                tx.sessions.end_of(user)
                tx.commit()


def _nothing(_tx: UnitOfWork, _user: User) -> None:
    """Store nothing more."""
