"""Flask's sessions in signed cookies, at no cost for requests without one."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from leadtracker.entrypoints.http.auth.constants import COOKIE


class CookieSessions(SecureCookieSessionInterface):
    """Flask's, but what reads and signs cookies is set up only for requests that bring or get one."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the signature is Flask's
        """Whether the cookie may go over TLS only: if that is how the browser came."""
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session that came; an empty one if none did."""
        return super().open_session(app, request) if has_session_cookie(request) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Let the browser keep what there is to keep."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


def has_session_cookie(request: Request) -> bool:
    """Whether our cookie came with a request, whatever is in it."""
    return "HTTP_COOKIE" in request.environ and COOKIE in request.cookies
