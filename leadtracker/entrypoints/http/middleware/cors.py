"""Let scripts of other sites send leads from a browser (CORS, in the Fetch standard)."""

from collections.abc import Collection

from flask import Flask, Response, request

_PATH = "/leads"
_EXPOSED = "Idempotent-Replayed, Location, Retry-After, X-Request-ID"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key, X-Request-ID",
    "Access-Control-Max-Age": "600",
}


def install_cors(app: Flask, origins: Collection[str]) -> None:
    """Let scripts of ``origins`` send leads as anonymous clients.

    Credentials are not allowed, so that browsers send neither our cookie nor a password along.

    Args:
        app: the application.
        origins: as browsers send them in ``Origin``, such as ``https://example.com``.
    """
    if origins:
        app.after_request(lambda response: _allow(response, origins))


def _allow(response: Response, origins: Collection[str]) -> Response:
    if request.path.rstrip("/") != _PATH or request.method not in {"POST", "OPTIONS"}:
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "POST":
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    elif request.headers.get("Access-Control-Request-Method") == "POST":
        response.headers.update(_PREFLIGHT)
    return response
