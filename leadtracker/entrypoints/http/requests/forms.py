"""Forms: how their texts and names are decoded, and grouped by name."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.sansio.multipart import MultipartDecoder

from leadtracker.domain.model.values.encodings.text_encoding import (
    UndecodableText,
    decode,
    decode_apart,
    known_charset,
)

_MAX_FORM_FIELDS = 1_000  # the limits of answers count after that
_AGAIN = "\0"
_REFERENCE = re.compile(r"&#(\d{3,7});", re.ASCII)
_LAST_BYTE, _FIRST_SURROGATE, _LAST_SURROGATE = 0xFF, 0xD800, 0xDFFF
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


class FormDecoder(MultipartDecoder):
    """Decodes multipart forms, also with names that are not in UTF-8, as browsers send them from other pages.

    Werkzeug rejects the whole form for the name of one file with an umlaut.
    """

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        try:
            return super()._parse_headers(data)
        except UnicodeDecodeError:
            return super()._parse_headers(_decoded_headers(bytes(data)).encode())


def _decoded_headers(headers: bytes) -> str:
    try:
        return decode(headers, declared_charset()).text
    except UndecodableText:
        return headers.decode("utf-8", "replace")


def form_texts(body: bytes) -> Texts:
    """Return the texts of a URL-encoded form.

    Raises:
        BadRequest: the form is malformed.
        UnsupportedMediaType: ``Content-Type`` names an unknown charset.
        UndecodableForm: the texts are in no encoding that is understood.
    """
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
        decoded = decode_apart(texts, declared)
    except UndecodableText as error:
        shown = {name: text.decode("utf-8", "replace") for name, text in texts.items()}
        raise UndecodableForm(error, shown) from None
    return _with_characters(texts, decoded) if any(b"&#" in text for text in texts.values()) else decoded


def _with_characters(texts: Mapping[str, bytes], decoded: Mapping[str, str]) -> dict[str, str]:
    """Return texts with the characters for which browsers write references such as ``&#23665;``.

    They do so for the characters that the encoding of a page lacks, which UTF-8 never does.
    """
    is_utf8 = all(decoded[name].encode("utf-8", "surrogatepass") == text for name, text in texts.items())
    if is_utf8 and not all(map(bytes.isascii, texts.values())):
        return dict(decoded)
    return {name: _REFERENCE.sub(_character, text) for name, text in decoded.items()}


def _character(reference: re.Match[str]) -> str:
    """Return the character of a reference; codes of one byte, which need none, and of no character stay."""
    code = int(reference[1])
    is_character = _LAST_BYTE < code <= sys.maxunicode and not _FIRST_SURROGATE <= code <= _LAST_SURROGATE
    return chr(code) if is_character else reference[0]


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
