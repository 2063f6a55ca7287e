"""Phone numbers, parsed by Google's libphonenumber."""

import re

import phonenumbers

from leadtracker.domain.ports.leads.phone_parser import PhoneParser

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
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
