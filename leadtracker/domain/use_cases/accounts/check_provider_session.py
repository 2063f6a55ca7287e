"""Ask the OpenID provider whether the person of a session still has access."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import EntryDenied, IdentityRejected, ProviderUnavailable, SecretUnreadable
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.external_identity import (
    ProvenIdentity,
    ProviderTokens,
    purpose_of_tokens,
)
from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.ports.accounts.identity_provider import IdentityProvider
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.external_users import PROVIDER, ExternalUsers


@frozen(kw_only=True)
class CheckProviderSession:
    """Ask by the refresh token of the session; concurrent requests ask once, and the others do not wait.

    While the provider does not respond the session continues; it ends an hour after the sign-in in any case.

    Args:
        provider: None if the installation trusts no provider any more.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _provider: IdentityProvider | None
    _secret_box: SecretBox
    _external_users: ExternalUsers

    def __call__(self, session: UserSession) -> bool:
        """Return True if the session may continue; else it is ended, and the audit log has an entry."""
        now = self._clock.now()
        if self._provider is None or not self._claim(session, now):
            return True
        try:
            identity, tokens = self._provider.renew(self._tokens(session))
            self._keep(session, identity, tokens, now)
        except ProviderUnavailable:
            return True
        except EntryDenied:
            self._end(session, now, ends_others=True)
        except (IdentityRejected, SecretUnreadable):
            self._end(session, now, ends_others=False)
        else:
            return True
        return False

    def _claim(self, session: UserSession, now: datetime) -> bool:
        with self._unit_of_work() as tx:
            is_claimed = tx.sessions.claim_check(session, now)
            tx.commit()
        return is_claimed

    def _tokens(self, session: UserSession) -> ProviderTokens:
        purpose = purpose_of_tokens(session.digest)
        return ProviderTokens.parse(self._secret_box.open(session.sealed_tokens or "", purpose))

    def _keep(
        self, session: UserSession, identity: ProvenIdentity | None, tokens: ProviderTokens, now: datetime
    ) -> None:
        """Store the tokens, which most providers accept once, and the role that the person has now.

        Raises:
            EntryDenied: the person has no role any more, or is not the user any more.
        """
        sealed = self._secret_box.seal(tokens.as_text(), purpose_of_tokens(session.digest))
        with self._unit_of_work() as tx:
            tx.sessions.keep_tokens(session.digest, sealed)
            if identity is not None:
                self._external_users.keep(tx, identity, session.user, now)
            tx.commit()

    def _end(self, session: UserSession, now: datetime, *, ends_others: bool) -> None:
        with self._unit_of_work() as tx:
            if ends_others:
                tx.sessions.end_of(session.user)
            else:
                tx.sessions.end(session.digest)
            tx.audit_log.append(AuditRecord.by(PROVIDER, AuditAction.SESSION_ENDED, now, session.user))
            tx.commit()
