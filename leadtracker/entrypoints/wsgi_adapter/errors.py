"""Responses to requests that never reach the application."""

from http import HTTPStatus
from secrets import token_hex

import orjson
import structlog

from leadtracker.entrypoints.wsgi_adapter.environ import Scope
from leadtracker.entrypoints.wsgi_adapter.responses import Send

_TYPE_PREFIX = "urn:leadtracker:problem:"


def send_error(scope: Scope, send: Send, status: int, detail: str) -> None:
    """Send a problem document (RFC 9457), log it, and close the connection.

    Args:
        scope: the request.
        send: sends the response.
        status: the HTTP status.
        detail: a whole sentence.
    """
    phrase, request_id = HTTPStatus(status).phrase, token_hex(16)
    body = orjson.dumps(
        {
            "type": _TYPE_PREFIX + phrase.lower().replace(" ", "-"),
            "title": phrase,
            "status": status,
            "request_id": request_id,
            "detail": detail,
        }
    )
    headers = {
        b"content-type": b"application/problem+json",
        b"content-length": b"%d" % len(body),
        b"cache-control": b"no-store",
        b"connection": b"close",
        b"x-content-type-options": b"nosniff",
        b"x-request-id": request_id.encode(),
    }
    structlog.get_logger(__name__).info(
        "request", method=scope["method"], path=scope["path"], status=status, request_id=request_id
    )
    send({"type": "http.response.start", "status": status, "headers": list(headers.items())})
    send({"type": "http.response.body", "body": body})
