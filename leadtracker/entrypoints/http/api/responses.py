"""What answers are made of."""

from collections.abc import Mapping
from wsgiref.types import WSGIEnvironment

from flask import Response
from werkzeug.datastructures import Headers

from leadtracker.entrypoints.formats.as_json import dump


class JsonResponse(Response):
    """An answer with a JSON body, whose headers leave as they are.

    Werkzeug otherwise goes through them once more, for what is right here already: the length, and a
    ``Location`` that is a URI, as ``url_for`` makes it.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002 - the signature is Werkzeug's
        """The headers to send."""
        return self.headers


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    return JsonResponse(dump(value), status, headers, content_type="application/json")


def no_content() -> Response:
    """An answer that says no more than that it was done."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
