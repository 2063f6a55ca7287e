"""What answers are made of."""

from collections.abc import Mapping

from flask import Response

from leadtracker.entrypoints.formats.as_json import dump


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    return Response(dump(value), status, headers, content_type="application/json")


def no_content() -> Response:
    """An answer that says no more than that it was done."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
