"""Handle every request and response: the request's id, its log entry, its metrics, and its headers.

Each process counts its own requests; ``metrics`` adds them up. Labels have few values, and none of them holds
personal data.
"""

import re
import time
from collections.abc import Callable
from functools import cache
from secrets import token_hex
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.typing import FilteringBoundLogger
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest

from leadtracker.domain.model.accounts.access import Actor

_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),  # pages have their own
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
_FOR_OTHER_SITES = frozenset({"capture", "public_form"})
"""The blueprints whose responses pages of other sites may use: the form, and where it is sent."""

_HSTS = "max-age=31536000"
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_BUCKETS_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CAPTURE_ROUTE = ("POST", "/leads")
_CREATED = frozenset({201, 303})


class SyncFlask(Flask):
    """Flask that does not inspect on every call whether a function is asynchronous; none of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func``."""
        return func


class RequestMetrics:
    """The counters of this process's requests.

    Attributes:
        registry: holds the counters.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter(
            "leadtracker_http_requests",
            "HTTP requests, by method, route and status.",
            labels,
            registry=self.registry,
        )
        self._seconds = Histogram(
            "leadtracker_http_request_seconds",
            "Seconds until the response began.",
            labels[:2],
            buckets=_BUCKETS_SECONDS,
            registry=self.registry,
        )
        # Looking up the counter of a combination of labels takes longer than counting.
        self._requests_of = cache(self._requests.labels)
        self._seconds_of = cache(self._seconds.labels)
        self._leads = Counter(
            "leadtracker_leads_captured", "Leads captured over HTTP.", registry=self.registry
        )

    def count(self, response: Response) -> Response:
        """Count the request in hand by its response, which is returned unchanged."""
        verb, rule, status = request.method, request.url_rule, response.status_code
        method = verb if verb in _METHODS else "other"
        route = rule.rule if rule else "none"
        self._requests_of(method, route, status).inc()
        self._seconds_of(method, route).observe(time.perf_counter() - g.started)
        is_new = status in _CREATED and "Idempotent-Replayed" not in response.headers
        if is_new and (method, route) == _CAPTURE_ROUTE:
            self._leads.inc()
        return response


def install_request_context(app: Flask, *, is_https: bool) -> None:
    """Give each request of ``app`` an id, log its response, and isolate it from other sites.

    ``g.request_id`` is the client's own ``X-Request-ID`` if it is usable; ``g.started`` is in seconds of
    ``time.perf_counter``.

    Args:
        app: the application.
        is_https: clients are known to use TLS; browsers learn never to use plain HTTP again.
    """
    log: FilteringBoundLogger = structlog.get_logger(__name__)

    @app.after_request
    def complete_response(response: Response) -> Response:
        _add_headers(response.headers)
        _isolate(response, is_https=is_https or request.is_secure)
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


def _isolate(response: Response, *, is_https: bool) -> None:
    """Add the headers by which browsers isolate our pages from other sites."""
    used_by = "cross-origin" if request.blueprint in _FOR_OTHER_SITES else "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = used_by
    if response.mimetype == "text/html":
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if is_https:
        response.headers["Strict-Transport-Security"] = _HSTS


def _log_request(log: FilteringBoundLogger, status: int) -> None:
    actor: Actor | None = g.get("actor")
    # The path without the query string, which may hold an e-mail address.
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=status,
        actor=actor.name if actor else None,
        milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
    )
