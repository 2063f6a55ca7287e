"""Phone numbers, parsed by Google's libphonenumber."""

import re
from functools import cache

import phonenumbers
from attrs import frozen

from leadtracker.domain.ports.system import PhoneParser

# The library finds a number inside of a text and drops the rest; a note beside the number must not be lost.
_ONLY_A_NUMBER = re.compile(r"[+\uFF0B]?[\d\s()./\u2010-\u2015\u2212\u30FC-]+")
_PLAIN = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_MAX_CODE_DIGITS = 3
_SEPARATORS = str.maketrans("", "", " ()./-")
"""Removes what people write between digits, as the library does."""


class LibPhoneParser(PhoneParser):
    """Normalises phone numbers to E.164.

    Args:
        region: ISO country of national numbers; without it only numbers with a country code are recognised.
    """

    def __init__(self, region: str | None) -> None:
        self._region = region

    def to_e164(self, text: str) -> str | None:
        bare = text.translate(_SEPARATORS) if text[:1] == "+" else text
        if _is_e164(bare):
            return bare
        if not _ONLY_A_NUMBER.fullmatch(text):
            return None
        try:
            number = phonenumbers.parse(self._with_plus(text), self._region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def _with_plus(self, text: str) -> str:
        """Restore the plus of a number that begins with the country code, as spreadsheets and JSON drop it.

        Only where national numbers begin with another digit can the two be distinguished.
        """
        bare = text.translate(_SEPARATORS)
        digits = bare if bare.isascii() and bare.isdigit() else ""
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(self._region) if self._region else None
        if not digits or metadata is None or metadata.national_prefix != "0":
            return text
        if digits.startswith(str(metadata.country_code)) and _is_valid(f"+{digits}"):
            return f"+{digits}"
        return text


@frozen
class _NumberingPlan:
    """The rules for numbers of a country code that the library leaves as they are.

    Attributes:
        lengths: their possible numbers of digits behind the country code.
        prefixes: what the library may remove from their beginning.
    """

    lengths: frozenset[int]
    prefixes: re.Pattern[str] | None

    def has(self, digits: str) -> bool:
        """Return True for the digits behind the country code that the library would not change."""
        if digits[0] == "0" or len(digits) not in self.lengths:
            return False
        return self.prefixes is None or not self.prefixes.match(digits)


def _is_e164(text: str) -> bool:
    """Return True for a number that the library would return as it is, in a thirtieth of its time."""
    if not _PLAIN.fullmatch(text):
        return False
    for end in range(2, 2 + _MAX_CODE_DIGITS):  # no country code begins with another one
        plan = _plan_of(int(text[1:end]))
        if plan is not None:
            return plan.has(text[end:])
    return False


@cache
def _plan_of(country_code: int) -> _NumberingPlan | None:
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    prefixes = metadata.national_prefix_for_parsing
    lengths = frozenset(metadata.general_desc.possible_length)
    return _NumberingPlan(lengths, re.compile(prefixes) if prefixes else None)


def _is_valid(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False
