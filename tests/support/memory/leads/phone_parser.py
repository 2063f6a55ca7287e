"""A phone parser that knows no numbering plan."""

import re

from leadtracker.domain.ports.system import PhoneParser

_INTERNATIONAL = re.compile(r"\+[\d ()./-]+", re.ASCII)
_PUNCTUATION = re.compile(r"[ ()./-]")
_MIN_DIGITS, _MAX_DIGITS = 8, 15


class MemoryPhoneParser(PhoneParser):
    """An in-memory ``PhoneParser``, which accepts a ``+`` with 8 to 15 digits."""

    def to_e164(self, text: str) -> str | None:
        if not _INTERNATIONAL.fullmatch(text):
            return None
        number = _PUNCTUATION.sub("", text)
        return number if _MIN_DIGITS <= len(number) - 1 <= _MAX_DIGITS else None
