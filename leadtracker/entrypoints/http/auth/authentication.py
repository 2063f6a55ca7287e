"""Authenticate callers: users by password or login session, API clients by API key or token."""

from urllib.parse import urlsplit

from attrs import frozen
from flask import g, request
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import Forbidden

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.entrypoints.http.auth.api_keys import KeyAuthentication
from leadtracker.entrypoints.http.auth.login_sessions import CSRF_HEADER, SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.auth.provider import ProviderAuthentication, is_provider_token
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.wsgi_adapter.environ import received_host


@frozen(kw_only=True)
class Authenticator:
    """Identifies the caller of the request in progress. Permissions are checked by the use cases."""

    _sign_in: SignIn
    _limit: SignInLimit
    _login_sessions: LoginSessions
    _keys: KeyAuthentication
    _provider: ProviderAuthentication | None

    def require_actor(self) -> Actor:
        """Return the caller, who must be authenticated.

        Raises:
            AuthenticationFailed: credentials are missing or wrong.
            Forbidden: a browser sends a change with a login session but without its CSRF token, or with a
                password that it has remembered, on behalf of another site.
            TooManyRequests: too many wrong passwords came from this address.
        """
        actor = self.optional_actor()
        if actor.is_anonymous:
            if _is_from_other_site():
                raise Forbidden(
                    "A page of another site may not send this request with a remembered password."
                )
            if self._login_sessions.actor():
                raise Forbidden(f"With a session, send the page's token as {CSRF_HEADER}.")
            raise AuthenticationFailed
        return actor

    def optional_actor(self) -> Actor:
        """Return the caller; ``PUBLIC`` if the request has no credentials.

        A login session alone authenticates reads. Requests that may change something also need the CSRF
        token; otherwise any site could make the browser of a signed-in user send them. For the same reason
        the password that a browser sends along with such a request of another site does not count.

        Raises:
            AuthenticationFailed: the credentials are wrong.
            ProviderUnavailable: the token of the OpenID provider cannot be checked now.
            TooManyRequests: too many wrong passwords came from this address.
        """
        g.actor = PUBLIC  # if authentication fails, the error reveals no more than anonymous callers may see
        caller = self._identify()
        g.actor = actor = Actor(caller.name, caller.role, g.request_id, request.remote_addr)
        return actor

    def _identify(self) -> Actor:
        api_key = request.headers.get("X-API-Key")
        if api_key is not None:
            return self._keys.actor(api_key.strip())
        if "Authorization" not in request.headers:
            return self._by_session()
        credentials = _parse_credentials()
        if credentials is not None and credentials.type == "bearer" and credentials.token:
            return self._by_token(credentials.token)
        if request.headers["Authorization"].partition(" ")[0].lower() == "basic":
            if _is_from_other_site():
                return PUBLIC
            # Malformed credentials count as a wrong password and take as long to check.
            readable = credentials or Authorization("basic", {})
            return self._by_password(readable.username or "", readable.password or "")
        raise AuthenticationFailed

    def _by_token(self, token: str) -> Actor:
        if self._provider is not None and is_provider_token(token):
            return self._provider.actor(token)
        return self._keys.actor(token)

    def _by_session(self) -> Actor:
        if "HTTP_COOKIE" not in request.environ:
            return PUBLIC
        actor = self._login_sessions.actor()
        is_proven = actor and (request.method in SAFE_METHODS or self._login_sessions.has_valid_csrf_token())
        return actor if actor and is_proven else PUBLIC

    def _by_password(self, name: str, password: str) -> Actor:
        with self._limit.watch(request.remote_addr or "", name):
            return self._sign_in.with_password(name, password, request.remote_addr)


def _is_from_other_site() -> bool:
    """Check whether a browser sends this change with Basic credentials on behalf of another site's page."""
    is_basic = request.headers.get("Authorization", "").partition(" ")[0].lower() == "basic"
    if not is_basic or request.method in SAFE_METHODS:
        return False
    origin = request.headers.get("Origin", "")
    own_hosts = {request.host, received_host(request.environ)}
    is_foreign = origin != "" and urlsplit(origin).netloc not in own_hosts
    return is_foreign or request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}


def _parse_credentials() -> Authorization | None:
    """Parse the header ``Authorization``; None if it is malformed."""
    try:
        return request.authorization
    except ValueError:  # Werkzeug does not expect bytes other than ASCII in Base64
        return None
