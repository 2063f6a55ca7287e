"""Flask's sessions in a signed cookie, for requests that have one."""

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class CookieSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions, with no signing and parsing for requests that have no session."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return True if browsers must send the cookie over TLS only."""
        return super().get_cookie_secure(app) or request.is_secure  # restricted to TLS if the browser uses it

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request; an empty one without a cookie."""
        return super().open_session(app, request) if has_session_cookie(request) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Add the cookie to the response if the session was used."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


def has_session_cookie(request: Request) -> bool:
    """Check whether the request has our cookie, valid or not."""
    cookie = current_app.config["SESSION_COOKIE_NAME"]
    return "HTTP_COOKIE" in request.environ and cookie in request.cookies
