"""Read request bodies with strict limits on size and syntax; the domain validates the fields."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import request
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.errors import InvalidInput

MAX_BODY_BYTES = 256 * 1024
"""The maximum size of a body without files; any valid lead fits, even with all characters escaped in JSON."""

_MAX_FORM_FIELDS = 200
_UTF8_NAMES = {"utf-8", "utf8", "us-ascii"}


def read_fields() -> Mapping[str, Any]:
    """Return the fields of a JSON object or of a URL-encoded form, unvalidated.

    Raises:
        BadRequest: the JSON or the form is malformed, or the body is truncated.
        LengthRequired: a form has no ``Content-Length``.
        RequestEntityTooLarge: the body has more than MAX_BODY_BYTES.
        UnsupportedMediaType: the body is neither JSON nor a form, or not in UTF-8.
        InvalidInput: the body is JSON, but no object.
    """
    check_charset()
    if request.mimetype == "application/json":
        return _json_object(_read_body())
    if request.mimetype == "application/x-www-form-urlencoded":
        if request.content_length is None:
            # A truncated form looks like a shorter form, and WSGI servers do not report the truncation.
            raise LengthRequired("Send a form with its Content-Length.")
        return _form(_read_body())
    raise UnsupportedMediaType("Send application/json or application/x-www-form-urlencoded.")


def read_json() -> Mapping[str, Any]:
    """Return the members of a JSON object, unvalidated.

    Raises:
        HTTPException: as ``read_fields``; also UnsupportedMediaType for a form.
        InvalidInput: as ``read_fields``.
    """
    check_charset()
    if request.mimetype == "application/json":
        return _json_object(_read_body())
    raise UnsupportedMediaType("Send application/json.")


def read_optional_fields() -> Mapping[str, Any]:
    """Return what ``read_fields`` returns; an empty mapping if there is no body or an empty one.

    Raises:
        HTTPException: as ``read_fields``.
        InvalidInput: as ``read_fields``.
    """
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        body = _read_body()
        check_charset()
        return _json_object(body) if body else {}
    return read_fields() if request.content_length else {}


def check_charset() -> None:
    """Accept UTF-8 only.

    Raises:
        UnsupportedMediaType: ``Content-Type`` names another charset.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in _UTF8_NAMES:
        raise UnsupportedMediaType("The body must be in UTF-8.")


def _read_body() -> bytes:
    """Read the whole body, of known length or chunked."""
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
    return dict(reversed(pairs))  # the first value of a repeated field counts
