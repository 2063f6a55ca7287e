"""What every request gets: an id, an entry in the log, and headers that keep its answer private."""

import re
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request
from structlog.typing import FilteringBoundLogger
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest

from leadtracker.domain.model.accounts.access import Actor

_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


def install_request_context(app: Flask) -> None:
    """Give each request of ``app`` an id (the caller's own, if it is usable) and log its answer."""
    log: FilteringBoundLogger = structlog.get_logger(__name__)

    @app.after_request
    def complete_response(response: Response) -> Response:
        _add_headers(response.headers)
        _log_request(log, response.status_code)
        return response

    app.before_request(_start_request)


def _start_request() -> None:
    requested_id = request.headers.get("X-Request-ID", "")
    g.request_id = request_id = requested_id if _USABLE_ID.fullmatch(requested_id) else token_hex(16)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    if not request.host:
        raise BadRequest("The header Host is malformed.")


def _add_headers(headers: Headers) -> None:
    headers["X-Request-ID"] = g.request_id
    present = {name.lower() for name, _ in headers}
    headers.extend([header for header in _HEADERS if header[0].lower() not in present])


def _log_request(log: FilteringBoundLogger, status: int) -> None:
    actor: Actor | None = g.get("actor")
    # The path without its query, which may hold an e-mail address.
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=status,
        actor=actor.name if actor else None,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
    )
