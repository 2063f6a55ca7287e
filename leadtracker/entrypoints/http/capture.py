"""``POST /leads``: one door, behind which programs get JSON and people get pages."""

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response

_JSON, _HTML = "application/json", "text/html"

Receive = Callable[[], Response]


def capture_blueprint(for_programs: Receive, for_people: Receive) -> Blueprint:
    """The route by which leads come in, answered by one of these."""
    blueprint = Blueprint("capture", __name__)

    @blueprint.post("/leads")
    def capture() -> Response:
        return for_people() if _is_form_of_browser() else for_programs()

    return blueprint


def _is_form_of_browser() -> bool:
    """Whether whoever sends it would rather look at a page; a script that sends JSON would not."""
    return request.mimetype != _JSON and request.accept_mimetypes.best_match((_JSON, _HTML)) == _HTML
