"""Finding leads by words: which words a lead has, and which leads a text asks for.

Both sides go through the same folding, so case, accents and width never matter (Unicode's NFKD without
its marks, then full case folding). A word of a search matches every word that begins with it.
"""

import re
from collections.abc import Collection, Iterable

from attrs import frozen

from leadtracker.domain.model.leads.fields import LEAD_FIELDS, FieldKind
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.text import normalise, without_marks

MAX_WORDS = 16
"""More words than anybody types; those beyond are left out of a search."""

_MAX_TERM_LENGTH = 60
_MOST_CHARACTERS = 4_000  # four times as many as the longest words that a search has room for
_MIN_DIGITS = 4
_WORD = re.compile(r"[^\W_]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_NUMBER = re.compile(r"[+(0-9][0-9 ()./+-]*")
# Letters that people type without their stroke, though Unicode does not see two parts in them.
_PLAIN = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"}
)


@frozen
class Search:
    """What somebody typed to find leads.

    Attributes:
        words: the beginnings of words that a lead must have, in any order; none match no lead.
        number: all of it as one phone number, which will do instead of the words.
    """

    words: tuple[str, ...]
    number: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Search":
        """Read any text, of which no more than the first 4,000 characters count; there is no wrong one."""
        text = text.strip()[:_MOST_CHARACTERS]
        words = tuple(dict.fromkeys(_words(text)))[:MAX_WORDS]
        digits = _digits(text).lstrip("0") if _NUMBER.fullmatch(text) else ""
        return cls(words, digits[:_MAX_TERM_LENGTH] if len(digits) >= _MIN_DIGITS else None)

    def finds(self, words: Collection[str]) -> bool:
        """Whether a lead with these words is asked for."""
        if self.number is not None and _has_beginning(words, self.number):
            return True
        return bool(self.words) and all(_has_beginning(words, beginning) for beginning in self.words)


def search_terms(lead: Lead) -> tuple[str, ...]:
    """The words by which a lead is found: of its names, e-mail address, phone number and message."""
    texts = lead.texts
    words = (field for field in LEAD_FIELDS if field.is_searchable and field.kind is not FieldKind.PHONE)
    return terms_in([texts[field.name] or "" for field in words], lead.phone or "")


def terms_in(texts: Iterable[str], phone: str) -> tuple[str, ...]:
    """The words of some texts and of a phone number."""
    words = [word for text in texts for word in _words(text)]
    return tuple(dict.fromkeys(words + _ends_of_number(phone)))


def _words(text: str) -> list[str]:
    return [word[:_MAX_TERM_LENGTH] for word in _WORD.findall(_fold(text))]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()  # all that folding does to ASCII
    # Marks go first, too, so that no run of them is left that normalisation would reject.
    bare = without_marks(normalise(without_marks(text), "NFKD"))
    return normalise(bare.casefold().translate(_PLAIN), "NFKC")


def _ends_of_number(phone: str) -> list[str]:
    """The number without its first digit, the first two and so on: few people know its country code."""
    digits = _digits(phone)
    return [digits[start:] for start in range(len(digits) - _MIN_DIGITS + 1)] or _words(phone)


def _digits(text: str) -> str:
    return _NO_DIGITS.sub("", normalise(without_marks(text), "NFKC"))


def _has_beginning(words: Collection[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)
