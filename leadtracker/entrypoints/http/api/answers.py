"""What answers are made of."""

from collections.abc import Iterator, Mapping

import structlog
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


def streamed_answer(
    pieces: Iterator[bytes], last_words: bytes, *, content_type: str, headers: Mapping[str, str]
) -> Response:
    """An answer whose body is made piece by piece, the first of them before anything is sent.

    Args:
        pieces: at least one; they must not need the request.
        last_words: what ends the body if the pieces break off. A server ends the body properly in any case,
            so that without them nobody would notice.
        content_type: that of the body.
        headers: what else there is to say about it.
    """
    first = next(pieces)
    return Response(_to_the_end(first, pieces, last_words), 200, headers, content_type=content_type)


def _to_the_end(first: bytes, rest: Iterator[bytes], last_words: bytes) -> Iterator[bytes]:
    yield first
    try:
        yield from rest
    except Exception:  # noqa: BLE001 - whatever it is, the body must not look whole
        structlog.get_logger(__name__).exception("answer broke off")
        yield last_words
