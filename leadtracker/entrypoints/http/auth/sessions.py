"""Browsers that are signed in: a signed cookie holds the secret of a session, and a token against forgery."""

from typing import cast

from flask import Flask, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms import ValidationError

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.use_cases.accounts.user_sessions import UserSessions
from leadtracker.entrypoints.http.auth.constants import COOKIE, CSRF_HEADER
from leadtracker.entrypoints.http.auth.cookie_sessions import CookieSessions, has_session_cookie

_SECRET = "secret"  # noqa: S105 - the name under which the cookie holds it


class LoginSessions:
    """Tells for whom a browser acts, and begins and ends that."""

    def __init__(self, sessions: UserSessions) -> None:
        self._sessions = sessions
        self._csrf = CSRFProtect()

    def install(self, app: Flask, secret_key: str) -> None:
        """Give ``app`` its cookie. Nothing is checked by itself: whoever lets a browser act asks first."""
        app.secret_key = secret_key
        app.session_interface = CookieSessions()
        app.config |= {
            "SESSION_COOKIE_NAME": COOKIE,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_CHECK_DEFAULT": False,
            "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the cookie that holds it
        }
        self._csrf.init_app(app)

    def actor(self) -> Actor | None:
        """For whom the browser that asks acts; None if it has no session, or its session is over."""
        # Without the cookie the session is not even looked at, so that answers do not vary by it.
        secret = session.get(_SECRET) if has_session_cookie(request) else None
        return self._sessions.actor(secret) if secret else None

    def login(self, name: str, password: str) -> None:
        """Sign in; nothing that the browser held before stays.

        Raises:
            AuthenticationFailed: no such user, wrong password, or disabled.
        """
        secret = self._sessions.begin(name, password)
        self.logout()
        session[_SECRET] = secret

    def logout(self) -> None:
        """Sign out."""
        secret = cast("str | None", session.get(_SECRET))
        if secret:
            self._sessions.end(secret)
        session.clear()

    def has_valid_csrf_token(self) -> bool:
        """Whether a request without a form comes from our own pages, as its header proves."""
        try:
            self.validate_csrf_token(request.headers.get(CSRF_HEADER))
        except CSRFError:
            return False
        return True

    def validate_csrf_token(self, token: str | None) -> None:
        """Let only a token pass that one of our own pages gave to this browser.

        Raises:
            CSRFError: it is none, or from before the last sign-in.
        """
        try:
            validate_csrf(token)
        except ValidationError as error:
            raise CSRFError(str(error)) from None

    def require_csrf_token(self) -> None:
        """Let only those forms pass that come from our own pages.

        Raises:
            CSRFError: it does not, or it is from before the last sign-in.
        """
        self._csrf.protect()
