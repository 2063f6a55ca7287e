"""Login sessions of browsers: a signed cookie that holds the session's secret and a CSRF token."""

from typing import cast

from flask import Flask, current_app, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms import ValidationError

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn, UserSessions
from leadtracker.entrypoints.http.auth.browser import browser_of
from leadtracker.entrypoints.http.auth.interrupted_form import InterruptedForms
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit

COOKIE = "leadtracker"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing (RFC 9110, section 9.2.1) and therefore need no CSRF token."""

_SECRET = "secret"  # noqa: S105 - the secret's name within the cookie


class LoginSessions:
    """Reads, begins and ends the login sessions of browsers.

    Attributes:
        interrupted_forms: what browsers keep while their users prove their identity at the OpenID provider.
    """

    def __init__(
        self, sessions: UserSessions, limit: SignInLimit, interrupted_forms: InterruptedForms
    ) -> None:
        self.interrupted_forms = interrupted_forms
        self._sessions = sessions
        self._limit = limit
        self._csrf = CSRFProtect()

    def install(self, app: Flask, secret_key: str, *, is_https: bool) -> None:
        """Configure the cookie of ``app``. Views check CSRF tokens explicitly; no default check is set up.

        Args:
            app: the application.
            secret_key: signs the cookie.
            is_https: clients are known to use TLS. Browsers accept the cookie then neither over plain HTTP
                nor from another host of the same domain.
        """
        app.secret_key = secret_key
        app.config |= {
            "SESSION_COOKIE_NAME": f"__Host-{COOKIE}" if is_https else COOKIE,
            "SESSION_COOKIE_PATH": "/",
            "SESSION_COOKIE_SECURE": is_https,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_CHECK_DEFAULT": False,
            "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the cookie that holds it
        }
        self._csrf.init_app(app)

    def current(self) -> SignedIn | None:
        """Return the session of the browser; None if it has none, or it has expired."""
        secret = self._secret()
        return self._sessions.find(secret) if secret else None

    def actor(self) -> Actor | None:
        """Return the user of the session; None without one, or before the user may do anything with it."""
        current = self.current()
        return None if current is None or current.is_restricted else current.user.actor

    def login(self, name: str, password: str) -> bool:
        """Sign in. The browser's previous session ends and its cookie is emptied first.

        Returns:
            True if the second factor is still missing; ``complete`` takes it.

        Raises:
            AuthenticationFailed: the user does not exist or is disabled, or the password is wrong.
            TooManyRequests: too many wrong passwords came from this address.
        """
        with self._limit.watch(request.remote_addr or "", name):
            secret = self._sessions.begin(name, password, browser_of(request))
        self.logout()
        session[_SECRET] = secret
        return self._sessions.pending(secret) is not None

    def pending_user(self) -> User | None:
        """Return the user whose second factor is missing; None if the browser has begun no such sign-in."""
        secret = self._secret()
        return self._sessions.pending(secret) if secret else None

    def complete(self, user: User, code: str) -> None:
        """Finish the sign-in of a pending user with a code of the second factor.

        Raises:
            AuthenticationFailed: the code is wrong.
            SecondFactorLocked: too many codes were wrong.
            TooManyRequests: too many wrong codes or passwords came from this address.
        """
        with self._limit.watch(request.remote_addr or "", user.name):
            secret = self._sessions.complete(self._secret(), code, browser_of(request))
        self.replace(secret)

    def confirm(self, signed_in: SignedIn, proof: str) -> None:
        """Confirm that the user of the session is there, by the password or a code.

        Raises:
            AuthenticationFailed: it is neither.
            SecondFactorLocked: too many codes were wrong.
            TooManyRequests: too many wrong codes or passwords came from this address.
        """
        with self._limit.watch(request.remote_addr or "", signed_in.user.name):
            self._sessions.confirm(signed_in, proof, request.remote_addr)

    def replace(self, secret: str) -> None:
        """Continue with the session of another secret, after the browser's session has ended."""
        session.clear()
        session[_SECRET] = secret

    def _secret(self) -> str:
        """Return the secret in the cookie; empty without one."""
        # Without the cookie the session is not even accessed, so that the response gets no `Vary: Cookie`.
        has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
        return session.get(_SECRET, "") if has_cookie else ""

    def logout(self) -> None:
        """Sign out."""
        secret = cast("str | None", session.get(_SECRET))
        if secret:
            self._sessions.end(secret)
        session.clear()

    def has_valid_csrf_token(self) -> bool:
        """Check the CSRF header of a request without a form, which only scripts of our pages can set."""
        try:
            self.validate_csrf_token(request.headers.get(CSRF_HEADER))
        except CSRFError:
            return False
        return True

    def validate_csrf_token(self, token: str | None) -> None:
        """Accept only the token that this server gave to the browser since its last sign-in.

        Raises:
            CSRFError: the token is missing, forged or older.
        """
        try:
            validate_csrf(token)
        except ValidationError as error:
            raise CSRFError(str(error)) from None

    def require_csrf_token(self) -> None:
        """Accept only forms that our own pages submit, by the token in the form or in the CSRF header.

        Raises:
            CSRFError: the token is missing, forged or from before the last sign-in.
        """
        self._csrf.protect()
