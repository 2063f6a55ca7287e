"""Responses to requests that never reach the application."""

from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex

import orjson
import structlog
from attrs import field, frozen

from leadtracker.entrypoints.wsgi_adapter.environ import Scope
from leadtracker.entrypoints.wsgi_adapter.responses import Send

_TYPE_PREFIX = "urn:leadtracker:problem:"


@frozen
class RequestError:
    """Why a request is rejected.

    Attributes:
        status: the HTTP status.
        detail: a whole sentence in English.
        request_id: identifies the request in the log.
    """

    status: int
    detail: str
    request_id: str = field(factory=lambda: token_hex(16))


@frozen
class ErrorPage:
    """An HTML page about an error, and its headers."""

    headers: Mapping[str, str]
    body: bytes


def send_error(scope: Scope, send: Send, error: RequestError, page: ErrorPage | None) -> None:
    """Send ``page`` or, without one, a problem document (RFC 9457), log it, and close the connection.

    Args:
        scope: the request.
        send: sends the response.
        error: what is reported.
        page: what a browser shows; None for an API client.
    """
    body = page.body if page else _problem(error)
    headers = {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "Connection": "close",
        "X-Content-Type-Options": "nosniff",
        "X-Request-ID": error.request_id,
        **(page.headers if page else {}),
        "Content-Length": str(len(body)),
    }
    structlog.get_logger(__name__).info(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=error.status,
        request_id=error.request_id,
    )
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    send({"type": "http.response.start", "status": error.status, "headers": encoded})
    send({"type": "http.response.body", "body": body})


def _problem(error: RequestError) -> bytes:
    phrase = HTTPStatus(error.status).phrase
    return orjson.dumps(
        {
            "type": _TYPE_PREFIX + phrase.lower().replace(" ", "-"),
            "title": phrase,
            "status": error.status,
            "request_id": error.request_id,
            "detail": error.detail,
        }
    )
