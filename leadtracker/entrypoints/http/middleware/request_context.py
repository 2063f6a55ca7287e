"""The work around every request: correct its addresses, give it an id, log and count it, add headers.

Each process counts its own requests; ``metrics`` adds them up. Labels have few values, and none of them holds
personal data.
"""

import re
import time
from collections.abc import Callable, Iterable
from functools import cache
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.typing import FilteringBoundLogger
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.entrypoints.wsgi_adapter.environ import RECEIVED_HOST

_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d{1,5})?|([^:\[\]]+):\d{1,5}", re.ASCII)
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


class PublicAddress:
    """WSGI middleware that corrects the environ of every request.

    Of the headers of proxies only ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed: not every proxy
    sends the others, and one that does not passes on those of the client. Some proxies write the port of the
    client behind its address, which would make every connection another client; it is taken off.
    """

    def __init__(self, application: WSGIApplication, trusted_proxies: int, public_url: str | None) -> None:
        """Wrap ``application``.

        Args:
            application: the application.
            trusted_proxies: the number of proxies whose headers are believed.
            public_url: the URL for links; None if it is the one of each request.
        """
        self._application = application
        self._public_url = urlsplit(public_url) if public_url else None
        self._fix: Callable[..., Iterable[bytes]] = self._set_url
        if trusted_proxies:
            self._fix = ProxyFix(self._set_url, x_for=trusted_proxies, x_proto=trusted_proxies)

    def __call__(self, environ: WSGIEnvironment, start_response: Any) -> Iterable[bytes]:
        """Handle a request."""
        self.correct(environ)
        return self._application(environ, start_response)

    def correct(self, environ: WSGIEnvironment) -> None:
        """Set the addresses in ``environ``."""
        environ[RECEIVED_HOST] = environ.get("HTTP_HOST", "")
        self._fix(environ, None)
        if "HTTP_X_FORWARDED_FOR" in environ and "REMOTE_ADDR" in environ:
            environ["REMOTE_ADDR"] = _without_port(environ["REMOTE_ADDR"])

    def _set_url(self, environ: WSGIEnvironment, _start_response: object) -> Iterable[bytes]:
        url = self._public_url
        if url is None:
            return []
        environ["wsgi.url_scheme"] = url.scheme
        if environ.get("HTTP_HOST"):  # a request without it is rejected
            environ["HTTP_HOST"] = url.netloc
        prefix, path = url.path.rstrip("/"), environ["PATH_INFO"]
        environ["SCRIPT_NAME"] = prefix
        if prefix and path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(prefix)
        return []


class CookieSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions, with no signing and parsing for requests that have no cookie."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return True if browsers must send the cookie over TLS only."""
        return super().get_cookie_secure(app) or request.is_secure  # restricted to TLS if the browser uses it

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request; an empty one without a cookie."""
        return (
            super().open_session(app, request) if "HTTP_COOKIE" in request.environ else self.session_class()
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Add the cookie to the response if the session was used."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


class SyncFlask(Flask):
    """Flask that does not inspect on every call whether a function is asynchronous; none of ours is."""

    session_interface = CookieSessions()

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
        """Count the request in progress by its response, which is returned unchanged."""
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


def _without_port(address: str) -> str:
    with_port = _WITH_PORT.fullmatch(address)
    return (with_port[1] or with_port[2]) if with_port else address
