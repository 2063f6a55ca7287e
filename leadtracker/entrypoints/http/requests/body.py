"""Read request bodies with strict limits on size and syntax; the domain validates the fields."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from flask import g, request
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.text_encoding import UndecodableText, decode, encoding_of, known_charset
from leadtracker.entrypoints.http.requests.lossless_json import read_lossless

MAX_BODY_BYTES = 256 * 1024
"""The maximum size of a body without files; any valid lead fits, even with all characters escaped in JSON."""

_MAX_FORM_FIELDS = 1_000  # the limits of answers count after that
_AGAIN = "\0"
Value = TypeVar("Value")
Texts = Mapping[str, str | tuple[str, ...]]
"""The texts of a form by name; a tuple where a name came several times."""

CHARSET_FIELD = "_charset_"
"""The field in which a browser names the encoding of a form, by the HTML standard."""


class UndecodableForm(BadRequest):
    """A form is in no encoding that is understood; ``texts`` are its texts with replacement characters."""

    def __init__(self, reason: UndecodableText, texts: Mapping[str, str]) -> None:
        super().__init__(f"The form {reason}.")
        self.texts = texts


def read_fields(*, keeps_repeated: bool = False) -> Mapping[str, Any]:
    """Return the fields of a JSON object or of a URL-encoded form, unvalidated.

    Args:
        keeps_repeated: return a tuple of all values of a field that comes several times. By default, a form
            yields the first one and JSON the last one, and JSON with lone surrogates is malformed.

    Raises:
        BadRequest: the JSON or the form is malformed, or the body is truncated.
        LengthRequired: a form has no ``Content-Length``.
        RequestEntityTooLarge: the body has more than MAX_BODY_BYTES.
        UnsupportedMediaType: the body is neither JSON nor a form; or its charset is unknown.
        InvalidInput: the body is JSON, but no object.
    """
    if request.mimetype == "application/json":
        return _json_object(_read_body(), read_lossless if keeps_repeated else orjson.loads)
    if request.mimetype == "application/x-www-form-urlencoded":
        if request.content_length is None:
            # A truncated form looks like a shorter form, and WSGI servers do not report the truncation.
            raise LengthRequired("Send a form with its Content-Length.")
        fields = _form(_read_body())
        if keeps_repeated:
            return fields
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


def unread_body() -> Mapping[str, str]:
    """Return the beginning of a body that could not be read as fields; empty if none was received."""
    start: bytes = g.get("body_start", b"")
    return {"body": start.decode("utf-8", "replace")} if start else {}


def declared_charset() -> str | None:
    """Return the charset that ``Content-Type`` names; None if it names none.

    Raises:
        UnsupportedMediaType: the charset is unknown.
    """
    name = request.mimetype_params.get("charset")
    if name is not None and known_charset(name) is None:
        raise UnsupportedMediaType("The charset of the body is unknown; send it in UTF-8.")
    return name


def decode_texts(texts: Mapping[str, bytes]) -> dict[str, str]:
    """Decode the texts of a form, which all have the same encoding.

    Raises:
        UnsupportedMediaType: ``Content-Type`` names an unknown charset.
        UndecodableForm: they are in no encoding that is understood.
    """
    declared = declared_charset() or texts.get(CHARSET_FIELD, b"").decode("ascii", "replace")
    try:
        encoding = encoding_of(b"\n".join(texts.values()), declared)
        return {name: text.decode(encoding) for name, text in texts.items()}
    except UndecodableText as error:
        shown = {name: text.decode("utf-8", "replace") for name, text in texts.items()}
        raise UndecodableForm(error, shown) from None


def _read_body() -> bytes:
    """Read the whole body, of known length or chunked."""
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


def _json_object(body: bytes, parse: Callable[[bytes | str], Any] = orjson.loads) -> Mapping[str, Any]:
    try:
        value = parse(_json_text(body))
    except orjson.JSONDecodeError as error:
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


def _form(body: bytes) -> Texts:
    try:
        # Latin 1 maps each byte to one character, so that the bytes can be decoded together afterwards.
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=_MAX_FORM_FIELDS,
        )
    except ValueError:
        message = f"The body is not a form of at most {_MAX_FORM_FIELDS} fields."
        raise BadRequest(message) from None
    named = name_apart(pairs)
    if body.isascii() and b"%" not in body:
        return group(named)
    texts = {name.encode("latin-1"): text.encode("latin-1") for name, text in named.items()}
    names = decode_texts({str(index): name for index, name in enumerate(texts)})
    return group(decode_texts({names[str(index)]: text for index, text in enumerate(texts.values())}))


def name_apart(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Return the values by name; the second and later ones of a name get a number behind a NUL."""
    named: dict[str, Value] = {}
    counts: Counter[str] = Counter()
    for name, value in pairs:
        named[f"{name}{_AGAIN}{counts[name]}" if counts[name] else name] = value
        counts[name] += 1
    return named


def group(named: Mapping[str, str]) -> Texts:
    """Return the texts that ``name_apart`` has named; a tuple of the texts of the same name."""
    if not any(_AGAIN in name for name in named):
        return dict(named)
    grouped: dict[str, list[str]] = {}
    for name, text in named.items():
        grouped.setdefault(name.partition(_AGAIN)[0], []).append(text)
    return {name: texts[0] if len(texts) == 1 else tuple(texts) for name, texts in grouped.items()}
