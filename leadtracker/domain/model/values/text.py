"""Unicode normalisation in time proportional to the length of a text.

Normalisation sorts each run of combining marks, which takes time quadratic in the length of the run while
holding the GIL. Lengths are therefore checked and long runs rejected first, and no other module calls
``unicodedata.normalize``.
"""

import re
import unicodedata
from typing import Literal, TypeAlias

from leadtracker.domain.model.values.field_errors import InvalidValue

Form: TypeAlias = Literal["NFC", "NFKC", "NFKD"]

MAX_MARKS_IN_A_ROW = 30
"""The bound of Unicode's Stream-Safe Text Format (UAX #15); no language needs as many."""

MAX_DECOMPOSITION_LENGTH = 4
"""The maximum number of code points that NFC composes into one: longer text stays too long in NFC."""

# Characters of combining class 0 that normalisation turns into combining marks.
_TURN_INTO_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

_MAY_BE_MARKS = re.compile(rf"(?:[^\w\x00-\u02ff]|[\uff9e\uff9f]){{{MAX_MARKS_IN_A_ROW + 1}}}")
_LINE_BREAK = re.compile("\r\n?|[\v\f]")
_ONE_LINE_BLANKS = str.maketrans("\t\v\f", "   ")
# Tag characters end the flags of countries such as Wales.
_FIRST_TAG, _LAST_TAG = "\U000e0020", "\U000e007f"
_HALF_WIDTH = {0x3000: " "} | {0xFEE0 + code: chr(code) for code in range(ord("!"), ord("~") + 1)}


def clean(raw: str, *, limit: int, too_long: str = "too-long", multiline: bool = False) -> str:
    """Return ``raw`` trimmed and in NFC, with a uniform white space.

    Invisible format characters at both ends are dropped. In one line, tabs and the like become blanks. In
    several lines, tabs stay and every kind of line break becomes one line feed, so that it counts as one
    character, as in a browser.

    Args:
        raw: text of any length from a caller.
        limit: the maximum number of characters (code points) after cleaning.
        too_long: the code of the error for longer text.
        multiline: true if the text may have several lines.

    Raises:
        ValueError: the text is too long or has too many combining marks in a row; the message is for its
            author.
    """
    text = raw.strip()
    if len(text) <= MAX_DECOMPOSITION_LENGTH * limit:
        text = _LINE_BREAK.sub("\n", text) if multiline else text.translate(_ONE_LINE_BLANKS)
        text = normalise(trim(text), "NFC")
    if len(text) > limit:
        raise InvalidValue(too_long, max=limit)
    return text


def normalise(text: str, form: Form) -> str:
    """Return ``text`` in a normalisation form.

    Raises:
        ValueError: the text has too many combining marks in a row; the message is for its author.
    """
    if text.isascii():
        return text
    if _has_long_run_of_marks(text):
        raise InvalidValue("too-many-marks", max=MAX_MARKS_IN_A_ROW)
    return unicodedata.normalize(form, text)


def trim(text: str) -> str:
    """Return ``text`` without white space and invisible format characters (Cf) at both ends."""
    text = text.strip()
    if text.isascii():
        return text
    start, end = 0, len(text)
    while start < end and _is_outer(text[start]):
        start += 1
    while end > start and _is_outer(text[end - 1]):
        end -= 1
    return text[start:end]


def without_format_characters(text: str) -> str:
    """Return ``text`` without invisible format characters, such as zero-width blanks and bidi marks."""
    if text.isascii():
        return text
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def half_width(text: str) -> str:
    """Return ``text`` with wide forms of ASCII characters, as East Asian keyboards type them, in ASCII."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def _is_outer(char: str) -> bool:
    is_format = unicodedata.category(char) == "Cf" and not _FIRST_TAG <= char <= _LAST_TAG
    return is_format or char.isspace()


def without_marks(text: str) -> str:
    """Return ``text`` without combining marks and characters that normalisation turns into marks."""
    if text.isascii():
        return text
    return "".join(char for char in text if not _is_mark(char))


def _has_long_run_of_marks(text: str) -> bool:
    if _MAY_BE_MARKS.search(text) is None:
        return False  # a fast path, since almost no text has so many characters that are no letters
    run = 0
    for char in text:
        run = run + 1 if _is_mark(char) else 0
        if run > MAX_MARKS_IN_A_ROW:
            return True
    return False


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) != 0 or char in _TURN_INTO_MARKS
