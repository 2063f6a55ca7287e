"""Full-text search: the search terms of a lead, and the parsing of queries.

Both are folded in the same way (NFKD without marks, then full case folding), so case, accents and width do
not matter. A word of a query matches every term that begins with it.
"""

import re
from collections.abc import Collection, Iterable

from attrs import frozen

from leadtracker.domain.model.leads.fields import LEAD_FIELDS, FieldKind
from leadtracker.domain.model.leads.inputs.answers import texts_in
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.text import normalise, without_marks

MAX_WORDS = 16
"""The maximum number of words in a query; further words are ignored."""

_MAX_TERM_LENGTH = 60
_MAX_QUERY_LENGTH = 4_000  # four times the length of MAX_WORDS words of maximum length
_MIN_DIGITS = 4
_WORD = re.compile(r"[^\W_]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_NUMBER = re.compile(r"[+(0-9][0-9 ()./+-]*")
# Letters that users type without their stroke, although Unicode does not decompose them.
_PLAIN = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"}
)


@frozen
class Search:
    """A parsed query.

    Attributes:
        words: the prefixes that a lead's terms must contain, in any order; without words no lead matches.
        number: the digits of the whole query, if it looks like a phone number; an alternative to the words.
    """

    words: tuple[str, ...]
    number: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Search":
        """Parse a query; every text is valid, and only its first 4,000 characters count."""
        text = text.strip()[:_MAX_QUERY_LENGTH]
        words = tuple(dict.fromkeys(_words(text)))[:MAX_WORDS]
        digits = _digits(text).lstrip("0") if _NUMBER.fullmatch(text) else ""
        return cls(words, digits[:_MAX_TERM_LENGTH] if len(digits) >= _MIN_DIGITS else None)

    def finds(self, words: Collection[str]) -> bool:
        """Return True if a lead with these terms matches."""
        if self.number is not None and _has_beginning(words, self.number):
            return True
        return bool(self.words) and all(_has_beginning(words, beginning) for beginning in self.words)


def search_terms(lead: Lead) -> tuple[str, ...]:
    """Return the terms of a lead: the words of its searchable fields and answers, and its phone number."""
    texts = lead.texts
    words = (field for field in LEAD_FIELDS if field.is_searchable and field.kind is not FieldKind.PHONE)
    given = [texts[field.name] or "" for field in words]
    return terms_in([*given, *texts_in(lead.answers)], lead.phone or "")


def terms_in(texts: Iterable[str], phone: str) -> tuple[str, ...]:
    """Return the distinct terms of some texts and of a phone number."""
    words = [word for text in texts for word in _words(text)]
    return tuple(dict.fromkeys(words + _ends_of_number(phone)))


def _words(text: str) -> list[str]:
    return [word[:_MAX_TERM_LENGTH] for word in _WORD.findall(_fold(text))]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()  # folding changes nothing else in ASCII
    # Remove marks first, so that no long run of marks is left, which normalisation would reject.
    bare = without_marks(normalise(without_marks(text), "NFKD"))
    return normalise(bare.casefold().translate(_PLAIN), "NFKC")


def _ends_of_number(phone: str) -> list[str]:
    """Return the number without its first n digits, for each n: users often omit the country code."""
    digits = _digits(phone)
    return [digits[start:] for start in range(len(digits) - _MIN_DIGITS + 1)] or _words(phone)


def _digits(text: str) -> str:
    return _NO_DIGITS.sub("", normalise(without_marks(text), "NFKC"))


def _has_beginning(words: Collection[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)
