"""Translate a request of the ASGI interface into the environ of WSGI (PEP 3333)."""

import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

Scope: TypeAlias = dict[str, Any]

MAX_HEADER_BYTES = 64 * 1024
"""The maximum size of all header fields together."""

MAX_ADDRESS_BYTES = 16 * 1024
"""The maximum size of path and query; an address with 200 ids, the most that a page makes, has half of it."""

RECEIVED_HOST = "leadtracker.received_host"
"""The key of the environ with the header ``Host`` as it was received, where another replaces it."""

_CONSTANT: WSGIEnvironment = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,  # Werkzeug's: a chunked body ends, too
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_KEPT_NAMES = 256
_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


def build_environ(scope: Scope) -> WSGIEnvironment:
    """Return the environ of a request, without its body.

    Header fields whose name contains ``_`` are dropped. WSGI turns ``-`` into ``_``, so that
    ``X_Forwarded_For`` from a client could replace the ``X-Forwarded-For`` of a proxy.
    """
    host, port = scope["server"]
    environ = {
        **_CONSTANT,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": _path(scope["raw_path"]),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.url_scheme": scope["scheme"],
    }
    _add_headers(environ, scope["headers"])
    return environ


def received_host(environ: WSGIEnvironment) -> str:
    """Return the header ``Host`` of a request as it was received."""
    return str(environ.get(RECEIVED_HOST) or environ.get("HTTP_HOST", ""))


def header_bytes(scope: Scope) -> int:
    """Return the size of all header fields."""
    return sum(len(name) + len(value) for name, value in scope["headers"])


def address_bytes(scope: Scope) -> int:
    """Return the size of the path and the query."""
    return len(scope["raw_path"]) + len(scope["query_string"])


def _path(raw_path: bytes) -> str:
    path = unquote_to_bytes(raw_path) if b"%" in raw_path else raw_path
    return path.decode("latin-1")


def _add_headers(environ: WSGIEnvironment, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        if b"_" in name:
            continue
        key = _key(name)
        text = value.decode("latin-1")
        if key in environ:
            separator = "; " if key == "HTTP_COOKIE" else ","
            text = f"{environ[key]}{separator}{text}"
        environ[key] = text


@lru_cache(_KEPT_NAMES)
def _key(name: bytes) -> str:
    return _NAMES.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
