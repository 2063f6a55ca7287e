"""Authenticate with what the OpenID provider states: bearer tokens, and sign-ins that a browser has begun."""

import structlog
from attrs import asdict, frozen
from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from leadtracker.domain.errors import AuthenticationFailed, EntryDenied, IdentityRejected
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.ports.accounts.identity_provider import PendingSignIn
from leadtracker.domain.use_cases.accounts.provider_sign_in import ProviderSignIn
from leadtracker.entrypoints.http.auth.private_cookie import PrivateCookie
from leadtracker.entrypoints.http.auth.rate_limit import FailureRecordLimit

MAX_PENDING_SECONDS = 600
"""A sign-in that was begun must be finished within this time."""

_MAX_URL_LENGTH = 500
"""A longer URL could make the cookie larger than browsers accept; the dashboard opens instead of it."""

_COOKIE = PrivateCookie("leadtracker-pending")
_TOKEN_PREFIX = "eyJ"  # noqa: S105 - the Base64 of {", with which the header of every token begins


def is_provider_token(token: str) -> bool:
    """Return true if a bearer token looks like a JSON Web Token; API keys do not."""
    return token.startswith(_TOKEN_PREFIX) and token.count(".") == 2  # noqa: PLR2004 - its three parts


@frozen
class ProviderAuthentication:
    """Authenticates callers through the OpenID provider; failures are logged, and recorded up to a limit."""

    sign_in: ProviderSignIn
    _limit: FailureRecordLimit

    def actor(self, token: str) -> Actor:
        """Return the actor of a bearer token.

        Raises:
            AuthenticationFailed: the token is rejected; the error does not say why.
            ProviderUnavailable: the token cannot be checked now.
        """
        try:
            return self.sign_in.actor(token)
        except AuthenticationFailed as error:
            self.record_failure(error)
            raise AuthenticationFailed from None

    def record_failure(self, error: AuthenticationFailed) -> None:
        """Log why a sign-in has failed, and record it in the audit log.

        Anonymous clients cause these failures, so only as many are recorded of one address as wrong passwords
        are allowed.
        """
        reason = error.reason if isinstance(error, EntryDenied | IdentityRejected) else ""
        structlog.get_logger(__name__).warning("sign-in through the provider failed", reason=reason)
        address = request.remote_addr or ""
        if self._limit.count(address):
            self.sign_in.record_failure(error, address)


@frozen
class PendingSignInCookie:
    """Keeps a sign-in that a browser has begun in a signed cookie, so that no other browser can finish it.

    Args:
        secret_key: signs the cookie.
    """

    _secret_key: str

    def keep(self, response: Response, pending: PendingSignIn, next_url: str) -> None:
        """Have the browser keep a sign-in, and the URL to open after it."""
        content = self._serializer().dumps(
            [asdict(pending), next_url if len(next_url) <= _MAX_URL_LENGTH else ""]
        )
        _COOKIE.keep(response, content, MAX_PENDING_SECONDS)

    def read(self) -> tuple[PendingSignIn | None, str]:
        """Return the sign-in that the browser has begun, None without one, and the URL to open after it."""
        try:
            pending, next_url = self._serializer().loads(_COOKIE.read(), max_age=MAX_PENDING_SECONDS)
            return PendingSignIn(**pending), next_url
        except (BadData, TypeError, ValueError):
            return None, ""

    def remove(self, response: Response) -> None:
        """Have the browser forget the sign-in, which can be finished only once."""
        _COOKIE.remove(response)

    def _serializer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret_key, salt="pending sign-in")
