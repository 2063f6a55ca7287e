"""Read request bodies with strict limits on size and syntax; the domain validates the fields.

The JSON of a public submission is read without losing what ordinary parsers drop: of a name that comes
several times in an object, all values are kept; large numbers keep their digits; and escapes of characters
that do not exist (lone surrogates, which cut emoji leave behind) become replacement characters.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

import orjson
from flask import g, request
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.values.encodings.text_encoding import UndecodableText, decode
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.entrypoints.http.requests.forms import declared_charset, form_texts

MAX_BODY_BYTES = 256 * 1024
"""The maximum size of a body without files; any valid lead fits, even with all characters escaped in JSON."""

_LONE = re.compile(
    # A pair is one character. Any other escape is consumed, so that an escaped backslash is none.
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)
_APART = re.compile(rb'"\s+:')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_REPLACEMENT = rb"\ufffd"
_TOO_LARGE = "infinity"
"""Stands in the error for a number that no floating-point number can hold."""
_SIMPLE = frozenset({str, int, bool, type(None)})
_MAX_DIGITS = 1_000
"""Whole numbers of more digits stay texts: converting them takes time quadratic in their length."""


def read_fields(*, keeps_repeated: bool = False) -> Mapping[str, Any]:
    """Return the fields of a JSON object or of a URL-encoded form, unvalidated.

    Args:
        keeps_repeated: return a tuple of all values of a field that comes several times, and the only object
            of a list. By default, a form yields the first value and JSON the last one, JSON with lone
            surrogates is malformed, and a list is no object.

    Raises:
        BadRequest: the JSON or the form is malformed, or the body is truncated.
        LengthRequired: a form has no ``Content-Length``.
        RequestEntityTooLarge: the body has more than MAX_BODY_BYTES.
        UnsupportedMediaType: the body is neither JSON nor a form, of unknown charset, or compressed.
        InvalidInput: the body is JSON, but no object.
    """
    if request.mimetype == "application/json":
        return _json_object(_read_body(), _read_submission if keeps_repeated else orjson.loads)
    if request.mimetype == "application/x-www-form-urlencoded":
        if request.content_length is None:
            # A truncated form looks like a shorter form, and WSGI servers do not report the truncation.
            raise LengthRequired("Send a form with its Content-Length.")
        body = _read_body()
        if keeps_repeated:
            return _json_in_form(body) or form_texts(body)
        fields = form_texts(body)
        return {name: value[0] if isinstance(value, tuple) else value for name, value in fields.items()}
    raise UnsupportedMediaType("Send application/json or application/x-www-form-urlencoded.")


def read_json() -> Mapping[str, Any]:
    """Return the members of a JSON object, unvalidated.

    Raises:
        HTTPException: as ``read_fields``; also UnsupportedMediaType for a form.
        InvalidInput: as ``read_fields``.
    """
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
        return _json_object(body) if body else {}
    return read_fields() if request.content_length else {}


def check_not_compressed() -> None:
    """Reject a compressed body, which would be taken for broken JSON or for a form of strange names.

    Raises:
        UnsupportedMediaType: there is a ``Content-Encoding``.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise UnsupportedMediaType("Send the body uncompressed, without Content-Encoding.")


def unread_body() -> Mapping[str, str]:
    """Return the beginning of a body that could not be read as fields; empty if none was received."""
    start: bytes = g.get("body_start", b"")
    return {"body": start.decode("utf-8", "replace")} if start else {}


def _read_body() -> bytes:
    """Read the whole body, of known length or chunked."""
    check_not_compressed()
    announced = request.content_length
    if announced is not None and announced > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
    body = request.stream.read(MAX_BODY_BYTES + 1)
    g.body_start = body
    if len(body) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
    if announced is not None and len(body) < announced:
        raise BadRequest("The body is shorter than announced.")
    return body


def _json_in_form(body: bytes) -> Mapping[str, Any] | None:
    """Return a JSON object that was sent as a form, as scripts do that name no type; None for a form."""
    if not body.startswith((b"{", b"[{")):
        return None
    try:
        return _json_object(body, _read_submission)
    except (BadRequest, InvalidInput):
        return None


def _json_object(body: bytes, parse: Callable[[bytes | str], Any] = orjson.loads) -> Mapping[str, Any]:
    try:
        value = parse(_json_text(body))
    except json.JSONDecodeError as error:  # orjson's are, too
        message = f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise BadRequest(message) from None
    if not isinstance(value, dict):
        raise InvalidInput([field_error("body", InvalidValue("not-an-object"))])
    return value


def _json_text(body: bytes) -> bytes | str:
    if body.isascii() and "charset" not in request.mimetype_params:
        return body  # the fast path of almost all bodies
    try:
        return decode(body, declared_charset()).text
    except UndecodableText as error:
        raise BadRequest(f"The body {error}.") from None


def _read_submission(text: bytes | str) -> Any:
    """Parse JSON without loss; automations put the only object of a request into a list."""
    value = _read_lossless(text)
    is_list_of_one = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
    return value[0] if is_list_of_one and value[0] else value


def _read_lossless(text: bytes | str) -> Any:
    """Parse JSON; the values of a name that comes several times in an object become a tuple.

    Raises:
        json.JSONDecodeError: the text is not JSON.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if not _SURROGATE.search(data) and _TOO_LARGE not in error.msg:
            raise
        return _read_with_replacements(data, error)
    if _is_plain(value, data):
        return value
    try:
        return _DECODER.decode(data.decode())
    except RecursionError:  # orjson reads more levels
        return value


def _is_plain(value: Any, data: bytes) -> bool:
    """Return True for a flat object that certainly has no name twice, since no further name can be in it."""
    return (
        value.__class__ is dict
        and _SIMPLE.issuperset(map(type, value.values()))
        and (
            data.count(b":") == len(value)
            or (data.count(b'":') == len(value) and not _APART.search(data))  # texts have colons, too
        )
    )


def _read_with_replacements(data: bytes, error: orjson.JSONDecodeError) -> Any:
    data = _LONE.sub(lambda escape: _REPLACEMENT if escape[1] else escape[0], data)
    try:
        return _DECODER.decode(data.decode())
    except RecursionError:
        raise error from None


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: tuple(some) if len(some) > 1 else some[0] for name, some in values.items()}


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _number(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _reject(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a number", name, 0)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_grouped, parse_int=_whole_number, parse_float=_number, parse_constant=_reject
)
