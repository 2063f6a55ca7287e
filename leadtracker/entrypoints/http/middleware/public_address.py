"""The addresses of a request: the client's behind trusted proxies, and ours as clients know it."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix

from leadtracker.entrypoints.wsgi_adapter.environ import RECEIVED_HOST

_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d{1,5})?|([^:\[\]]+):\d{1,5}", re.ASCII)


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


def _without_port(address: str) -> str:
    with_port = _WITH_PORT.fullmatch(address)
    return (with_port[1] or with_port[2]) if with_port else address
