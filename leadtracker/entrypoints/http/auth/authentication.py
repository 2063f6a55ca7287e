"""Finding out who calls: Basic or a session for users, ``X-API-Key`` or Bearer for API keys."""

from attrs import frozen
from flask import g, request
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import Forbidden

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.entrypoints.http.auth.constants import CSRF_HEADER, SAFE_METHODS
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.http.auth.sessions import LoginSessions


@frozen
class Authenticator:
    """Tells views who calls; what the caller may do is decided by the use cases."""

    _sign_in: SignIn
    _limit: SignInLimit
    _login_sessions: LoginSessions

    def require_actor(self) -> Actor:
        """The caller, who must have proven who they are.

        Raises:
            AuthenticationFailed: credentials are missing or wrong.
            Forbidden: a browser that is signed in asks for a change without proving that it means it.
            TooManyRequests: a password came from where too many wrong ones came from before.
        """
        actor = self.optional_actor()
        if actor.is_public:
            if self._login_sessions.actor():
                raise Forbidden(f"With a session, send the page's token as {CSRF_HEADER}.")
            raise AuthenticationFailed
        return actor

    def optional_actor(self) -> Actor:
        """The caller, or the public if no credentials came with the request.

        A session alone is enough to read. What may change something must come with the page's token:
        otherwise any site could make the browser of somebody signed in send it.

        Raises:
            AuthenticationFailed: credentials came, and they are wrong.
            TooManyRequests: a password came from where too many wrong ones came from before.
        """
        g.actor = PUBLIC  # whoever fails to prove who they are is told no more than the public
        caller = self._identify()
        g.actor = actor = Actor(caller.name, caller.role, g.request_id)
        return actor

    def _identify(self) -> Actor:
        api_key = request.headers.get("X-API-Key")
        if api_key is not None:
            return self._sign_in.with_api_key(api_key.strip())
        if "Authorization" not in request.headers:
            return self._by_session()
        credentials = request.authorization
        if credentials is not None and credentials.type == "bearer" and credentials.token:
            return self._sign_in.with_api_key(credentials.token)
        if request.headers["Authorization"].partition(" ")[0].lower() == "basic":
            # What cannot be read is the password of nobody, and fails as slowly as any other.
            readable = credentials or Authorization("basic", {})
            return self._by_password(readable.username or "", readable.password or "")
        raise AuthenticationFailed

    def _by_session(self) -> Actor:
        actor = self._login_sessions.actor()
        is_proven = actor and (request.method in SAFE_METHODS or self._login_sessions.has_valid_csrf_token())
        return actor if actor and is_proven else PUBLIC

    def _by_password(self, name: str, password: str) -> Actor:
        with self._limit.watch(request.remote_addr or ""):
            return self._sign_in.with_password(name, password)
