"""Reading raw input fields: every text rule in one place, every complaint collected."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar

from attrs import field, frozen

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.text import clean

Value = TypeVar("Value")

MAX_WORD_LENGTH = 64
"""Of ids, states and times: longer text is never one."""

_LINE_BREAKS = "\r\n\u2028\u2029"


def clean_text(raw: str, *, limit: int, multiline: bool = False) -> str:
    """Trim ``raw``, bring it to NFC and check it.

    Args:
        raw: what somebody typed.
        limit: the most characters (code points) allowed after cleaning.
        multiline: whether line breaks are allowed.

    Raises:
        ValueError: with a message for the person who typed it.
    """
    text = clean(raw, limit=limit)
    if text.isprintable():
        return text  # as almost all texts are
    allowed = _LINE_BREAKS if multiline else ""
    # Zl and Zp are Unicode's own line breaks, which would let one line pass for two wherever it is shown.
    # Cs are lone surrogates: they come from broken escapes and cannot be stored as UTF-8.
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in allowed for char in text):
        message = "must not contain control characters"
        raise ValueError(message)
    return text


@frozen
class FieldParser:
    """Takes fields out of a raw mapping and remembers what is wrong with each.

    ``None``, a missing key and blank text mean "not given". Read every field, then call ``raise_if_errors``.
    """

    _raw: Mapping[str, object]
    _errors: list[FieldError] = field(factory=list, init=False)

    def optional(self, name: str, *, limit: int, multiline: bool = False) -> str | None:
        """The cleaned text of a field, or None if it is not given or wrong."""
        raw = self._raw.get(name)
        if raw is None:
            return None
        if not isinstance(raw, str):
            self.add_error(name, "must be text")
            return None
        try:
            return clean_text(raw, limit=limit, multiline=multiline) or None
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def required(self, name: str, *, limit: int, multiline: bool = False) -> str:
        """The cleaned text of a field that must be given; empty if it is wrong."""
        text = self.optional(name, limit=limit, multiline=multiline)
        if text is None and not self._has_error(name):
            self.add_error(name, "is required")
        return text or ""

    def parsed(self, name: str, text: str | None, parse: Callable[[str], Value]) -> Value | None:
        """What ``parse`` makes of ``text``; its ValueError becomes a complaint."""
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def value(self, name: str, take: Callable[[object], Value | None]) -> Value | None:
        """What ``take`` makes of a field of any type, if it is given; its ValueError becomes a complaint."""
        raw = self._raw.get(name)
        if raw is None:
            return None
        try:
            return take(raw)
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def validated(self, name: str, check: Callable[[str], Value]) -> Value | None:
        """What ``check`` makes of the text of a field that must be given; its InvalidInput is remembered."""
        raw = self._raw.get(name)
        if name not in self._raw:
            self.add_error(name, "is required")
        elif not isinstance(raw, str):
            self.add_error(name, "must be text")
        else:
            try:
                return check(raw)
            except InvalidInput as error:
                self._errors.extend(error.errors)
        return None

    def flag(self, name: str) -> bool | None:
        """The value of a yes-or-no field, or None if it is wrong."""
        raw = self._raw.get(name)
        if isinstance(raw, bool):
            return raw
        self.add_error(name, "must be true or false")
        return None

    def forbid_unknown(self, *names: str) -> None:
        """Complain about every field but those: it is more likely a slip than meant to do nothing."""
        for name in self._raw:
            if name not in names:
                self.add_error(name, "is not a field here")

    def add_error(self, name: str, message: str) -> None:
        """Remember that the field ``name`` is wrong."""
        self._errors.append(FieldError(name, message))

    def raise_if_errors(self) -> None:
        """Call when every field was read.

        Raises:
            InvalidInput: if anything was wrong, naming every bad field.
        """
        if self._errors:
            raise InvalidInput(self._errors)

    def _has_error(self, name: str) -> bool:
        return any(error.field == name for error in self._errors)
