"""``POST /leads``: one entrypoint, behind which programs get JSON and people get pages."""

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response

_JSON, _HTML = "application/json", "text/html"

View = Callable[[], Response]


def capture_blueprint(json_view: View, html_view: View) -> Blueprint:
    """The route by which leads come in, answered by one of these."""
    blueprint = Blueprint("capture", __name__)

    @blueprint.post("/leads")
    def capture() -> Response:
        return html_view() if _is_browser_form() else json_view()

    return blueprint


def _is_browser_form() -> bool:
    """Whether whoever sends it would rather look at a page; a script that sends JSON would not."""
    return request.mimetype != _JSON and request.accept_mimetypes.best_match((_JSON, _HTML)) == _HTML
