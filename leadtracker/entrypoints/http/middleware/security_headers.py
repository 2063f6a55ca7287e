"""Headers by which browsers isolate our pages from other sites."""

from functools import partial

from flask import Flask, Response, request

_FOR_OTHER_SITES = frozenset({"capture", "public_form"})
"""The blueprints whose responses pages of other sites may use: the form, and where it is sent."""

_HSTS = "max-age=31536000"


def install_security_headers(app: Flask, *, is_https: bool) -> None:
    """Add the headers to every response of ``app``.

    Args:
        app: the application.
        is_https: clients are known to use TLS; browsers learn never to use plain HTTP again.
    """
    app.after_request(partial(_add, is_https))


def _add(is_https: bool, response: Response) -> Response:  # noqa: FBT001 - bound by partial
    used_by = "cross-origin" if request.blueprint in _FOR_OTHER_SITES else "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = used_by
    if response.mimetype == "text/html":
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if is_https or request.is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
    return response
