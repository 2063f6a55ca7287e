"""Which sites may send leads from a browser by script (the Fetch standard's CORS protocol)."""

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
    """Let scripts of ``origins`` send leads, as the public: no cookie and no password of ours comes along."""
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
