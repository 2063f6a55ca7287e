"""Full-text search: the search terms of a lead, and the parsing of queries.

A word of a query matches every term that begins with it.
"""

import re
from collections.abc import Callable, Collection, Iterable
from operator import attrgetter

from attrs import frozen

from leadtracker.domain.model.leads.fields import LEAD_FIELDS, FieldKind
from leadtracker.domain.model.leads.inputs.answers import texts_in
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, decimal_digits, split_phone
from leadtracker.domain.model.values.search_words import is_unspaced, queried_words, stored_words
from leadtracker.domain.model.values.text import normalise, without_format_characters, without_marks

MAX_WORDS = 16
"""The maximum number of words in a query; further words are ignored."""

_MIN_DIGITS = 4
_NUMBER = re.compile(r"\+?[\s(]*\d[\d\s()./\u2010-\u2015\u2212-]*")
_TRUNK_ZERO = re.compile(r"(?<=\d)(\s*)\(0\)")  # of “+49 (0) 30”, which no international number has
_NO_TEXT = {FieldKind.EMAIL, FieldKind.PHONE}
_texts_of = attrgetter(
    *(field.name for field in LEAD_FIELDS if field.is_searchable and field.kind not in _NO_TEXT)
)


def _not_recognised(_number: str) -> None:
    return None


@frozen
class Search:
    """A parsed query.

    Attributes:
        words: the prefixes that a lead's terms must contain, in any order, each with its alternative
            spellings; without words no lead matches.
        numbers: the digits of the whole query, if it looks like a phone number, in the spellings that a lead
            may have; an alternative to the words.
    """

    words: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, to_e164: Callable[[str], str | None] = _not_recognised) -> "Search":
        """Parse a query; every text is valid, and only its first 1,000 characters count.

        Args:
            text: the query as typed.
            to_e164: returns a phone number in E.164, or None if no numbering plan has it.
        """
        words = tuple(dict.fromkeys(queried_words(text)))[:MAX_WORDS]
        return cls(words, _numbers(text.strip(), to_e164))

    def finds(self, terms: Collection[str]) -> bool:
        """Return True if a lead with these terms matches."""
        if self.numbers and _has_any(terms, self.numbers):
            return True
        return bool(self.words) and all(_has_any(terms, spellings) for spellings in self.words)


def search_terms(lead: Lead) -> tuple[str, ...]:
    """Return the terms of a lead: the words of its searchable fields and answers, and its phone number."""
    given = [text for text in _texts_of(lead) if text]
    if lead.email is not None:
        given.append(lead.email.text)
    if lead.answers:
        given += texts_in(lead.answers)
    return terms_in([*given, *_full_names(lead)], lead.phone or "")


def terms_in(texts: Iterable[str], phone: str) -> tuple[str, ...]:
    """Return the distinct terms of some texts and of a phone number."""
    texts = list(texts)
    all_texts = "\n".join(texts)
    if all_texts.isascii():
        words = stored_words(all_texts)
    else:  # in two groups, because a single letter outside of ASCII slows all others down
        words = stored_words("\n".join(text for text in texts if text.isascii()))
        words += stored_words("\n".join(text for text in texts if not text.isascii()))
    return tuple(dict.fromkeys(words + _ends_of_number(phone)))


def _full_names(lead: Lead) -> tuple[str, ...]:
    """Return the names that are written in one word, in both orders, because senders confuse the two."""
    first, last = lead.first_name, lead.last_name
    return (last + first, first + last) if last and is_unspaced(first) and is_unspaced(last) else ()


def _numbers(text: str, to_e164: Callable[[str], str | None]) -> tuple[str, ...]:
    if len(text) > 2 * MAX_PHONE_LENGTH:
        return ()
    typed = normalise(without_marks(without_format_characters(text)), "NFKC")
    number, extension = split_phone(typed)
    if not _NUMBER.fullmatch(number):
        return ()
    recognised = to_e164(number) or ""
    found = (_digits(number).lstrip("0"), decimal_digits(recognised))
    return tuple(dict.fromkeys(digits + extension for digits in found if len(digits) >= _MIN_DIGITS))


def _ends_of_number(phone: str) -> list[str]:
    """Return the number without its first n digits, for each n: users often omit the country code."""
    if not phone:
        return []
    digits = _digits(phone)
    return [digits[start:] for start in range(len(digits) - _MIN_DIGITS + 1)] or stored_words(phone)


def _digits(phone: str) -> str:
    return decimal_digits(_TRUNK_ZERO.sub(r"\1", phone) if "(" in phone else phone)


def _has_any(terms: Collection[str], beginnings: tuple[str, ...]) -> bool:
    return any(term.startswith(beginnings) for term in terms)
