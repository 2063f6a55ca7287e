"""Phone numbers: E.164 where a number can be recognised, else what was typed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PHONE_LENGTH = 40
_MIN_DIGITS, _MAX_DIGITS = 4, 15  # E.164 allows at most 15


def normalise_phone(text: str, to_e164: "Callable[[str], str | None]") -> str:
    """The number in E.164 if ``to_e164`` recognises it, else ``text`` itself.

    Raises:
        ValueError: with a message for the person who typed it.
    """
    recognised = to_e164(text)
    if recognised is not None:
        return recognised
    if not _MIN_DIGITS <= sum(char.isdecimal() for char in text) <= _MAX_DIGITS:
        message = f"must be a phone number of {_MIN_DIGITS} to {_MAX_DIGITS} digits"
        raise ValueError(message)
    return text
