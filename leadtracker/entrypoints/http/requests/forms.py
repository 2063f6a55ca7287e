"""URL-encoded forms: how their texts are decoded, and grouped by name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from leadtracker.domain.model.values.encodings.text_encoding import (
    UndecodableText,
    decode_apart,
    known_charset,
)

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
        return decode_apart(texts, declared)
    except UndecodableText as error:
        shown = {name: text.decode("utf-8", "replace") for name, text in texts.items()}
        raise UndecodableForm(error, shown) from None


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
