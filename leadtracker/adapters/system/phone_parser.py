"""Phone numbers, parsed by Google's libphonenumber."""

import re

import phonenumbers

from leadtracker.domain.ports.system import PhoneParser

# The library finds a number inside of a text and drops the rest; a note beside the number must not be lost.
_ONLY_A_NUMBER = re.compile(r"[+\uFF0B]?[\d\s()./\u2010-\u2015-]+")


class LibPhoneParser(PhoneParser):
    """Normalises phone numbers to E.164.

    Args:
        region: ISO country of national numbers; without it only numbers with a country code are recognised.
    """

    def __init__(self, region: str | None) -> None:
        self._region = region

    def to_e164(self, text: str) -> str | None:
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
        digits = text if text.isascii() and text.isdigit() else ""
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(self._region) if self._region else None
        if not digits or metadata is None or metadata.national_prefix != "0":
            return text
        if digits.startswith(str(metadata.country_code)) and _is_valid(f"+{digits}"):
            return f"+{digits}"
        return text


def _is_valid(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False
