"""Choose between windows-1252 and Mac Roman, which spreadsheets and editors of Western languages write.

Almost every byte above 127 means something in both encodings: 0xFC is “ü” in one and a cedilla in the other,
0x9F is “Ÿ” in one and “ü” in the other. The neighbours decide: the right encoding puts letters into words
and signs between them. Each such character is rated by its place, and the encoding with the higher sum wins.
"""

import re
from collections.abc import Sequence
from itertools import groupby

WINDOWS, MAC = "cp1252", "mac_roman"

_SAMPLE = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+[\x00-\x7f]?")

_COMMON_LETTERS = frozenset("äöüßéèêëàâçñóíúáîïôûùœæøåãõìòÿ")
_OPENING = frozenset("\u2018\u201c\u201e\u2013\u2014¿¡")
_CLOSING = frozenset("\u2019\u201d\u2026")
_QUOTES_OF_BOTH_SIDES = frozenset("«»")
_ORDINALS_AND_POWERS = frozenset("ºª°¹²³")
_DOUBLE_QUOTES = frozenset("\u201c\u201d\u201e")
_SIGNS = frozenset("\u20ac\u00a0\u2022£§®©™·")
_APOSTROPHE, _MIDDLE_DOT = "\u2019", "·"
_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
"""An accented letter in UTF-8, which no Western text in another encoding has by chance."""

# Ratings of a character by its place.
_USUAL, _POSSIBLE, _UNUSUAL, _ODD_CASE, _MISPLACED, _NONSENSE = 2, 1, -2, -3, -6, -10

_FIRST_BYTE, _MAX_BYTES_IN_A_ROW = 0x80, 3
_MAX_LETTERS_IN_A_ROW = 2


def samples_in(piece: bytes) -> list[bytes]:
    """Return the runs of bytes above 127 in a piece of text, each with its neighbours."""
    return _SAMPLE.findall(piece)


def western_encoding(samples: Sequence[bytes]) -> str | None:
    """Return the encoding in which samples make more sense, Windows if they make as much; None if none."""
    ratings = {encoding: sum(_rate(sample, encoding) for sample in samples) for encoding in (WINDOWS, MAC)}
    best = max(ratings, key=lambda encoding: ratings[encoding])
    return best if ratings[best] >= 0 else None


def _rate(sample: bytes, encoding: str) -> int:
    """Rate how much sense a sample makes: positive for what people write, negative for garbage."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return _NONSENSE
    if sum(byte >= _FIRST_BYTE for byte in sample) > _MAX_BYTES_IN_A_ROW or _UTF8.search(sample):
        return _NONSENSE
    runs = ("".join(run) for is_letter, run in groupby(text, _is_foreign_letter) if is_letter)
    if any(len(run) > _MAX_LETTERS_IN_A_ROW for run in runs):
        return _NONSENSE
    places = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return sum(_rate_place(before, char, after) for before, char, after in places if not char.isascii())


def _rate_place(before: str, char: str, after: str) -> int:
    """Rate one character between its neighbours."""
    if char in _COMMON_LETTERS:
        return _USUAL if before.isalpha() or not after.isalpha() else _POSSIBLE
    if char.lower() in _COMMON_LETTERS:
        is_within_word = before.islower() or (before.isalpha() and after.islower())
        return _ODD_CASE if is_within_word else _POSSIBLE
    if char in _OPENING or char in _CLOSING:
        return _rate_mark(before, char, after)
    if char in _QUOTES_OF_BOTH_SIDES:
        return _POSSIBLE
    return _rate_sign(before, char, after)


def _rate_mark(before: str, char: str, after: str) -> int:
    """Rate a mark around a word; an apostrophe also stands within one, behind “l” or before “s”."""
    if char in _DOUBLE_QUOTES and before.isalpha() and after.isalpha():
        return _MISPLACED  # “J”rg” of MS-DOS
    if char in _OPENING:
        return _POSSIBLE if before.isalpha() else _USUAL
    if after.isalpha() and not before.isalpha():
        return _UNUSUAL
    is_elision = before in "ldj" or after in "stlrvm "
    return _USUAL if char != _APOSTROPHE or is_elision else _POSSIBLE


def _rate_sign(before: str, char: str, after: str) -> int:
    """Rate a character that is neither a letter of Western Europe nor a mark around words."""
    if char in _ORDINALS_AND_POWERS:
        if after.isalpha() and after not in "CF":  # “25 °C” is a temperature
            return _MISPLACED
        return _USUAL if before.isdigit() else _POSSIBLE
    if char == "£" and after.isalpha():
        return _MISPLACED  # “Łukasz” of Eastern Europe
    is_apart = not (before.isalpha() or after.isalpha())
    if char == _MIDDLE_DOT and not is_apart:
        return _POSSIBLE if before in "lL" and after in "lL" else _MISPLACED  # “paral·lel”, but “Wei·”
    return _USUAL if is_apart and char in _SIGNS else _UNUSUAL


def _is_foreign_letter(char: str) -> bool:
    return char.isalpha() and not char.isascii()
