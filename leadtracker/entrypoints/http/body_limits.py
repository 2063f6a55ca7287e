"""Limit the bytes of a body that are received before the request is handled."""

from collections.abc import Callable
from wsgiref.types import WSGIEnvironment

from attrs import frozen
from flask import Flask, g, request
from werkzeug.exceptions import HTTPException

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.rate_limit import PublicLimit, UploadLimit
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.csv_body import MAX_CSV_BYTES
from leadtracker.entrypoints.http.requests.multipart import MULTIPART

_FORMS = frozenset({MULTIPART, "application/x-www-form-urlencoded"})
_CAPTURE_ENDPOINT = "capture.capture"


@frozen(kw_only=True)
class BodyLimits:
    """Decides by the headers of a request how much of its body is worth receiving.

    The routes have their own limits and reject what is larger. This limit keeps those who may send nothing
    large from sending it: a request with a wrong password, or from an address over its rate limit, is
    rejected after its first bytes.

    Attributes:
        max_upload_bytes: the maximum size of a form with files.
        correct_address: sets the addresses in an environ, such as the client's behind proxies.
    """

    _app: Flask
    _authenticator: Authenticator
    _login_sessions: LoginSessions
    _public_limit: PublicLimit
    _upload_limit: UploadLimit
    _max_upload_bytes: int
    _correct_address: Callable[[WSGIEnvironment], None]

    def __call__(self, environ: WSGIEnvironment) -> int:
        """Return the maximum number of bytes to receive; 0 if the request will be rejected by its headers."""
        environ = environ.copy()
        self._correct_address(environ)
        with self._app.request_context(environ):
            g.request_id = ""  # the request gets its id, and its log entry, when it is handled
            if request.content_length is None and request.mimetype in _FORMS:
                return 0  # every route rejects a form without its length
            try:
                actor = self._actor()
                if actor is None:
                    return self._of_anonymous_client()
            except (LeadTrackerError, HTTPException):
                return 0  # the route will report the error
            return max(MAX_CSV_BYTES, self._max_upload_bytes)

    def _actor(self) -> Actor | None:
        actor = self._login_sessions.actor() or self._authenticator.optional_actor()
        return None if actor.is_anonymous else actor

    def _of_anonymous_client(self) -> int:
        may_send = (
            request.endpoint == _CAPTURE_ENDPOINT
            and request.mimetype == MULTIPART
            and self._public_limit.has_room(request.remote_addr or "")
            and self._upload_limit.has_room(request.remote_addr or "")
        )
        return self._max_upload_bytes if may_send else MAX_BODY_BYTES
