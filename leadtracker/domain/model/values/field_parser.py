"""Parsing of raw input fields: text rules, and the collection of all field errors."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attrs import Factory, field, frozen

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.values.field_errors import OTHER, InvalidValue
from leadtracker.domain.model.values.text import (
    MAX_DECOMPOSITION_LENGTH,
    clean,
    trim,
    without_format_characters,
    without_marks,
)

Value = TypeVar("Value")

MAX_WORD_LENGTH = 64
"""The maximum length of ids, states and times, in characters."""

_ALLOWED_IN_LINES = "\t\n\u2028\u2029"
_MAX_NUMBER = 10**18  # further digits of a number are lost in JSON
_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_MAX_PLACEHOLDER_LENGTH = 30
_PLACEHOLDER = re.compile(
    r"[ .?!/*_\u2013\u2014-]+|[ (.*-]*(?:n[ ./]*a|k[ ./]*a|s[ ./]*n|x+|0{1,3}"
    r"|no(?:ne|n)?|nil|null|tbd|unknown|not (?:available|given|known)"
    r"|keine?[rs]?|nein|ohne|unbekannt|entfällt|nicht (?:vorhanden|bekannt)|keine angabe"
    r"|aucune?|inconnue?|néant|ning[uú]n[oa]?|desconocido|no tengo)[ ).*!-]*",
    re.IGNORECASE,
)


def clean_text(raw: str, *, limit: int, multiline: bool = False) -> str:
    """Return ``raw`` as ``clean`` does, after checking it.

    Args:
        raw: the text that a caller sent.
        limit: the maximum number of characters (code points) after cleaning.
        multiline: true to allow line breaks.

    Raises:
        ValueError: the text is too long or contains control characters; the message is for its author.
    """
    if len(raw) <= limit and raw.isascii() and raw.isprintable():
        return raw.strip()  # the fast path of almost all texts, which have nothing to clean
    text = clean(raw, limit=limit, multiline=multiline)
    if text.isprintable():
        return text
    allowed = _ALLOWED_IN_LINES if multiline else ""
    # Zl and Zp are Unicode's own line breaks: they would make one line look like two.
    # Cs are lone surrogates: they come from broken escapes and have no UTF-8 form.
    if any(unicodedata.category(char) in _NO_TEXT and char not in allowed for char in text):
        raise InvalidValue("control-characters")
    return text


def plain_texts(raw: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the fields if all are printable ASCII texts, which need no cleaning; else none.

    Almost all are, and to look at all together takes a fifth of the time.
    """
    try:
        texts = "".join(raw.values())
    except TypeError:  # not all are texts
        return {}
    return raw if texts.isascii() and texts.isprintable() else {}


def is_placeholder(value: object) -> bool:
    """Return True for a text that people type where they have nothing to give, such as ``n/a`` or ``-``."""
    if not isinstance(value, str) or len(value) > _MAX_PLACEHOLDER_LENGTH:
        return False
    text = value.strip()
    return bool(text) and _PLACEHOLDER.fullmatch(text) is not None


def field_error(name: str, error: ValueError | str) -> FieldError:
    """Return the error of the field ``name`` that an invalid value causes, or a phrase for API clients."""
    if isinstance(error, InvalidValue):
        return FieldError(name, str(error), error.code, error.data)
    return FieldError(name, str(error), OTHER)


def readable_text(raw: str, limit: int) -> str:
    """Return the beginning of ``raw`` as ``clean`` does, and replace what no text may hold.

    Args:
        raw: a text of any length and content.
        limit: the maximum number of characters; further ones are cut off.
    """
    if len(raw) <= limit and raw.isascii() and raw.isprintable():
        return raw.strip()  # the fast path of almost all texts, which have nothing to clean
    try:
        text = clean(
            raw[: MAX_DECOMPOSITION_LENGTH * limit], limit=MAX_DECOMPOSITION_LENGTH * limit, multiline=True
        )
    except ValueError:  # more combining marks in a row than any language needs
        text = without_marks(raw[:limit])
    if not text.isprintable():
        text = "".join(
            char if char in _ALLOWED_IN_LINES or unicodedata.category(char) not in _NO_TEXT else "\ufffd"
            for char in text
        )
    return trim(text[:limit])


@frozen
class FieldParser:
    """Reads fields of a raw mapping and collects their errors.

    ``None``, a missing key and blank text mean that a field is absent. Read every field, then call
    ``raise_if_errors``.
    """

    _raw: Mapping[str, object]
    _errors: list[FieldError] = field(factory=list, init=False)
    _plain: Mapping[str, str] = field(
        init=False, repr=False, default=Factory(lambda self: plain_texts(self._raw), takes_self=True)
    )

    def is_given(self, name: str) -> bool:
        """Return True if a field has a value, maybe a blank or invalid one."""
        return self._raw.get(name) is not None

    def optional(self, name: str, *, limit: int, multiline: bool = False) -> str | None:
        """Return the cleaned text of a field; None if it is absent or invalid."""
        plain = self._plain.get(name)
        if plain is not None and len(plain) <= limit:
            return plain.strip() or None
        raw = self._raw.get(name)
        if raw is None:
            return None
        if not isinstance(raw, str):
            self.add_error(name, InvalidValue("not-text"))
            return None
        try:
            return clean_text(raw, limit=limit, multiline=multiline) or None
        except ValueError as error:
            self.add_error(name, error)
            return None

    def compact(self, name: str, *, limit: int) -> str | None:
        """Return the text of a field without invisible characters and in one line; None if absent or invalid.

        A number is taken as its digits.
        """
        if name in self._plain:
            return self.optional(name, limit=limit)
        raw = self._raw.get(name)
        if raw is None:
            return None
        if isinstance(raw, int | float) and not isinstance(raw, bool) and raw >= 0:
            raw = str(int(raw)) if raw == raw // 1 and abs(raw) < _MAX_NUMBER else str(raw)
        if not isinstance(raw, str):
            self.add_error(name, InvalidValue("not-text"))
            return None
        try:
            has_none = raw.isascii() or len(raw) > MAX_DECOMPOSITION_LENGTH * limit
            bare = raw if has_none else without_format_characters(raw)
            return clean_text(bare, limit=limit) or None
        except ValueError as error:
            self.add_error(name, error)
            return None

    def required(self, name: str, *, limit: int, multiline: bool = False) -> str:
        """Return the cleaned text of a required field; empty if it is absent or invalid."""
        text = self.optional(name, limit=limit, multiline=multiline)
        if text is None and not self.has_error(name):
            self.add_error(name, InvalidValue("required"))
        return text or ""

    def parsed(self, name: str, text: str | None, parse: Callable[[str], Value]) -> Value | None:
        """Return ``parse(text)``, or None for empty text; its ValueError becomes a field error."""
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.add_error(name, error)
            return None

    def value(self, name: str, take: Callable[[object], Value | None]) -> Value | None:
        """Return ``take(value)`` for a field of any type, None if absent; its ValueError becomes an error."""
        raw = self._raw.get(name)
        if raw is None:
            return None
        try:
            return take(raw)
        except ValueError as error:
            self.add_error(name, error)
            return None

    def validated(self, name: str, check: Callable[[str], Value]) -> Value | None:
        """Return ``check(text)`` for a required field; the errors of its InvalidInput are collected."""
        raw = self._raw.get(name)
        if name not in self._raw:
            self.add_error(name, InvalidValue("required"))
        elif not isinstance(raw, str):
            self.add_error(name, InvalidValue("not-text"))
        else:
            try:
                return check(raw)
            except InvalidInput as error:
                self._errors.extend(error.errors)
        return None

    def flag(self, name: str) -> bool | None:
        """Return the value of a boolean field; None if it is invalid."""
        raw = self._raw.get(name)
        if isinstance(raw, bool):
            return raw
        self.add_error(name, "must be true or false")
        return None

    def forbid_unknown(self, *names: str) -> None:
        """Add an error for every field not in ``names``: an unknown field is probably a typing error."""
        for name in self._raw:
            if name not in names:
                self.add_error(name, "is not a field here")

    def add_error(self, name: str, error: ValueError | str) -> None:
        """Add an error about the field ``name``; an error that pages show is an ``InvalidValue``."""
        self._errors.append(field_error(name, error))

    def raise_if_errors(self) -> None:
        """Raise the collected errors; call it after reading every field.

        Raises:
            InvalidInput: there are errors; it has one for every invalid field.
        """
        if self._errors:
            raise InvalidInput(self._errors)

    def has_error(self, *names: str) -> bool:
        """Return True if one of these fields has an error."""
        return any(error.field in names for error in self._errors)
