"""``/openapi.json`` and ``/docs``: the API's description, as a document and as an offline page."""

from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, send_file

from leadtracker.entrypoints.formats.as_json import dump

_STATIC = Path(__file__).parent / "static"
# Swagger UI sets styles on elements; everything else comes from files of the same origin.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def docs_blueprint() -> Blueprint:
    """The routes of the description, and of the files that its page loads."""
    blueprint = Blueprint("docs", __name__)
    html, building = (_STATIC / "docs.html").read_bytes(), Lock()
    swagger_ui = Path(str(resources.files("flask_swagger_ui"))) / "dist"
    assets = {
        "docs.css": _STATIC / "docs.css",
        "docs.js": _STATIC / "docs.js",
        "icon.png": swagger_ui / "favicon-32x32.png",
        "swagger-ui.css": swagger_ui / "swagger-ui.css",
        "swagger-ui.js": swagger_ui / "swagger-ui-bundle.js",
    }

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        with building:  # or each of many first requests would build it, and together stop the process
            document = _document()
        return Response(document, content_type="application/json")

    @blueprint.get("/docs")
    def page() -> Response:
        return Response(
            html, headers={"Content-Security-Policy": _CSP}, content_type="text/html; charset=utf-8"
        )

    @blueprint.get(f"/docs/<any({', '.join(repr(name) for name in assets)}):name>")
    def asset(name: str) -> Response:
        return send_file(assets[name], max_age=86_400)

    return blueprint


@cache
def _document() -> bytes:
    # Built on first use: assembling the document takes too long for every start.
    from leadtracker.entrypoints.http.docs.document import openapi_document  # noqa: PLC0415

    return dump(openapi_document())
