"""Answers in JSON, and without a body."""

from collections.abc import Mapping

from flask import Response

from leadtracker.entrypoints.formats.as_json import dump


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    return Response(dump(value), status, headers, content_type="application/json")


def empty_answer() -> Response:
    """An answer that says only that it is done."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer
