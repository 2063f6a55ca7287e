"""Phone numbers: in E.164 if recognised, else as typed, with their extensions."""

import re
from collections.abc import Callable

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.text import half_width

MAX_PHONE_LENGTH = 40
_MIN_DIGITS, _MAX_DIGITS = 4, 15  # E.164 allows at most 15
_MIN_WHOLE_DIGITS = 7  # of a number with its area code
_MAX_TWO_NUMBERS = 2 * MAX_PHONE_LENGTH
_EXTENSION = re.compile(
    r"\s*(?:;\s*ext=|[,;]?\s*(?:ext(?:ension)?\.?|x|#|durchwahl|dw\.?|app(?:arat)?\.?|nebenstelle|nst\.?|poste|"
    r"int(?:erno)?\.?|toestel|anexo|ramal|wew\.?)\s*[:=]?)\s*(\d{1,11})",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?<=\d)\s*\([^()\d]{1,20}\)$")  # such as “(private)”
_WORDS_BEHIND = re.compile(r"(\+?[\d(][\d\s()./-]{5,24}\d)([\s,;:\u2013-]+)([^\W\d_]{2}.*)")  # “ab 18 Uhr”
_TWO_NUMBERS = re.compile(
    r"(\+?[\d(][\d\s()./-]{5,24}?)\s*(?:[/,;|\n\r]|\s(?:or|oder|ou|o|and|und|et|y)\s)\s*(\+?[\d(][\d\s()./-]{5,24})"
)
_NO_DIGITS = re.compile(r"[^0-9]+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_MARKERS = re.compile(
    r'(?:=\s*"(.*)"|\'+(.*)|(?:tel|p|phone):\s*(.*)|'
    r"(?:tel(?:efon|ephone|éfono)?|téléphone|phone|fon|mobile?|móvil|portable|handy|cell|whatsapp)"
    r"(?:[.:]+\s*|\s+)(?=[+(\d])(.*))",
    re.IGNORECASE,
)


def normalise_phone(text: str, to_e164: Callable[[str], str | None]) -> str:
    """Return the number in E.164 if ``to_e164`` recognises it, else as typed; an extension is kept.

    The markers of spreadsheets (``'…`` and ``="…"``), links (``tel:``) and labels (``Mobile``) are taken off.
    Wide digits, letters and signs, as East Asian keyboards type them, become ASCII.

    Args:
        text: as typed, cleaned.
        to_e164: returns the number in E.164, or None if no numbering plan has it.

    Raises:
        ValueError: the text has too few or too many digits, or is a number that a spreadsheet destroyed; the
            message is for its author.
    """
    if _is_plus_and_digits(text):  # the fast path of numbers from programs
        number, extension, digits = text, "", len(text) - 1
    else:
        text = _without_markers(half_width(text))
        number, extension = _split_extension(text)
        if _SCIENTIFIC.fullmatch(text):
            raise InvalidValue("scientific-phone")
        digits = _count_digits(number)
    recognised = to_e164(number) if digits >= _MIN_DIGITS else None
    if recognised is not None:
        return f"{recognised} ext. {extension}" if extension else recognised
    if not _MIN_DIGITS <= digits <= _MAX_DIGITS:
        raise InvalidValue("invalid-phone", min=_MIN_DIGITS, max=_MAX_DIGITS)
    return text


def phone_key(phone: str) -> str:
    """Return the key by which two spellings of a number are compared: E.164, else the digits.

    An extension is part of the key: colleagues behind one switchboard are different persons.

    Args:
        phone: a number as ``normalise_phone`` returns it.
    """
    number, extension = _split_extension(phone)
    digits = decimal_digits(number)
    prefix = "+" if number.startswith("+") else ""
    return f"{prefix}{digits};ext={extension}" if extension else f"{prefix}{digits}"


def split_phone(text: str) -> tuple[str, str]:
    """Return a number as typed, without markers, and the digits of its extension, which may be empty."""
    return _split_extension(_without_markers(text))


def numbers_in(text: str) -> list[str]:
    """Return the two numbers that a text consists of, or the number and the words behind it, or the text.

    Blanks and strokes also stand within a number, so that two numbers must have more digits than one can.
    """
    is_one = len(text) <= _MAX_DIGITS and ")" not in text
    if is_one or len(text) > _MAX_TWO_NUMBERS:
        return [text]
    stripped = text.strip()
    if note := _NOTE.search(stripped):
        return [stripped[: note.start()], note.group().strip()]
    if noted := _with_words_behind(stripped):
        return noted
    if _count_digits(text) <= _MAX_DIGITS:
        return [text]
    found = _TWO_NUMBERS.fullmatch(stripped)
    numbers = list(found.groups()) if found else []
    are_whole = all(_MIN_WHOLE_DIGITS <= _count_digits(number) <= _MAX_DIGITS for number in numbers)
    return numbers if numbers and are_whole else [text]


def _with_words_behind(text: str) -> list[str]:
    """Return a number and the words behind it; empty for an extension or for letters instead of digits."""
    found = _WORDS_BEHIND.fullmatch(text)
    if found is None or _EXTENSION.match(text, found.end(1)) or found[3].isupper():
        return []
    is_whole = _MIN_WHOLE_DIGITS <= _count_digits(found[1]) <= _MAX_DIGITS
    return [found[1], found[3]] if is_whole and not _TWO_NUMBERS.fullmatch(text) else []


def decimal_digits(text: str) -> str:
    """Return the digits of a text, of every script, as ASCII."""
    if text.isascii():
        return text[1:] if _is_plus_and_digits(text) else _NO_DIGITS.sub("", text)
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _is_plus_and_digits(text: str) -> bool:
    return text[:1] == "+" and text.isascii() and text[1:].isdigit()


def _without_markers(text: str) -> str:
    while (marked := _MARKERS.fullmatch(text)) is not None:
        text = next(group for group in marked.groups() if group is not None).strip()
    return text


def _split_extension(text: str) -> tuple[str, str]:
    """Return the number and the digits of its extension, which are empty without one."""
    for found in _EXTENSION.finditer(text):
        if found.end() == len(text) and _count_digits(text[: found.start()]) >= _MIN_DIGITS:
            return text[: found.start()].strip(), found[1]
    return text, ""


def _count_digits(text: str) -> int:
    return sum(map(str.isdecimal, text))
