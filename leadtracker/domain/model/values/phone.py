"""Phone numbers: in E.164 if recognised, else as typed."""

from collections.abc import Callable

from leadtracker.domain.model.values.field_errors import InvalidValue

MAX_PHONE_LENGTH = 40
_MIN_DIGITS, _MAX_DIGITS = 4, 15  # E.164 allows at most 15


def normalise_phone(text: str, to_e164: Callable[[str], str | None]) -> str:
    """Return the number in E.164 if ``to_e164`` recognises it, else ``text``.

    Args:
        text: as typed, cleaned.
        to_e164: returns the number in E.164, or None if no numbering plan has it.

    Raises:
        ValueError: the text has too few or too many digits; the message is for its author.
    """
    recognised = to_e164(text)
    if recognised is not None:
        return recognised
    if not _MIN_DIGITS <= sum(char.isdecimal() for char in text) <= _MAX_DIGITS:
        raise InvalidValue("invalid-phone", min=_MIN_DIGITS, max=_MAX_DIGITS)
    return text


def phone_key(phone: str) -> str:
    """Return the key by which two spellings of a number are compared: E.164, else the digits.

    An extension is part of the key: colleagues behind one switchboard are different persons.

    Args:
        phone: a number as ``normalise_phone`` returns it.
    """
    digits = "".join(str(int(char)) for char in phone if char.isdecimal())
    return f"+{digits}" if phone.startswith("+") else digits
