"""Reading request bodies: bounded, strict about form, silent about meaning."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import request
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.errors import InvalidInput

MAX_BODY_BYTES = 256 * 1024
"""More than the longest lead in the most wasteful spelling (each character as two JSON escapes)."""

_MAX_FORM_FIELDS = 200
_UTF8_NAMES = {"utf-8", "utf8", "us-ascii"}


def read_fields() -> Mapping[str, Any]:
    """The fields of a JSON object or of a form, as they came.

    Raises:
        BadRequest: malformed JSON or form, or a body cut short.
        LengthRequired: a form that does not say how long it is.
        RequestEntityTooLarge: more than MAX_BODY_BYTES.
        UnsupportedMediaType: neither JSON nor a form, or not in UTF-8.
        InvalidInput: JSON, but not an object.
    """
    check_charset()
    if request.mimetype == "application/json":
        return _json_object(_read_body())
    if request.mimetype == "application/x-www-form-urlencoded":
        if request.content_length is None:
            # A form that was cut off looks like a shorter form, and servers tell us nothing of it.
            raise LengthRequired("Send a form with its Content-Length.")
        return _form(_read_body())
    raise UnsupportedMediaType("Send application/json or application/x-www-form-urlencoded.")


def read_json() -> Mapping[str, Any]:
    """The members of a JSON object, as they came; errors are those of ``read_fields``."""
    check_charset()
    if request.mimetype == "application/json":
        return _json_object(_read_body())
    raise UnsupportedMediaType("Send application/json.")


def read_optional_fields() -> Mapping[str, Any]:
    """As ``read_fields``, but there need be no body at all, or none in it."""
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        body = _read_body()
        check_charset()
        return _json_object(body) if body else {}
    return read_fields() if request.content_length else {}


def check_charset() -> None:
    """Accept UTF-8 only.

    Raises:
        UnsupportedMediaType: the body is said to be in something else.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in _UTF8_NAMES:
        raise UnsupportedMediaType("The body must be in UTF-8.")


def _read_body() -> bytes:
    """The whole body, whether its length was announced or not (chunked)."""
    announced = request.content_length
    if announced is not None and announced > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
    body = request.stream.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
    if announced is not None and len(body) < announced:
        raise BadRequest("The body is shorter than announced.")
    return body


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message = f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise BadRequest(message) from None
    if not isinstance(value, dict):
        raise InvalidInput.of("body", "must be a JSON object")
    return value


def _form(body: bytes) -> Mapping[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FORM_FIELDS
        )
    except ValueError:  # not UTF-8, or too many fields
        message = f"The body is not a form of at most {_MAX_FORM_FIELDS} fields in UTF-8."
        raise BadRequest(message) from None
    return dict(reversed(pairs))  # of a field given twice, the first counts
