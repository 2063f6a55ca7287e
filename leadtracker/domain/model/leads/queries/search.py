"""Full-text search: the words of texts, the search terms of a lead, and the parsing of queries.

A word of a query matches every term that begins with it. Case, accents and width do not matter. Where there
are several spellings of a word, a lead that is stored has all of them, and a query any of them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter

from attrs import frozen

from leadtracker.domain.model.leads.fields import LEAD_FIELDS, FieldKind
from leadtracker.domain.model.leads.inputs.answers import texts_in
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, decimal_digits, split_phone
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

MAX_WORD_LENGTH = 60
"""The maximum length of a word in characters; the rest is cut off."""

MAX_QUERY_LENGTH = 1_000
"""The number of characters of a query that count."""

WINDOW = 3
"""The number of characters of which the words of scripts without blanks are made."""

# Han, Kana, Bopomofo and Hangul; Thai, Lao, Burmese and Khmer. Only letters and digits of these ranges count.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u9fff"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACED_WORD = rf"[^\W_{_UNSPACED}]+(?:'+[^\W_{_UNSPACED}]+)*"
_WORD = re.compile(rf"{_SPACED_WORD}|(?:(?![\W_])[{_UNSPACED}])+")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'+[a-z0-9]+)*")
_ASCII_LOWER = bytes(
    ord(char.lower()) if (char := chr(code)).isascii() and char.isalnum() else 32 for code in range(256)
)
_UNSPACED_CHAR = re.compile(f"[{_UNSPACED}]")
_UNSPACED_TEXT = re.compile(f"[{_UNSPACED} ]+")
_ACUTE = "\u00b4"  # used as an apostrophe; NFKC would make a blank of it
_APOSTROPHES = "`\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u05f3\u2018\u2019\u201b\u2032\ua78c"
# Letters that users type without their stroke, although Unicode does not decompose them.
_PLAIN = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"}
)
_HAS_UMLAUT = re.compile("[ÄÖÜØÅäöüøå]")
_MAX_CACHED_CHARACTERS = 8_192


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


class _Folding(dict[int, str]):
    """A table for ``str.translate`` of NFKC text, which drops case and marks, and has one apostrophe.

    Args:
        umlauts: letters with their spellings; other marks are dropped.
    """

    def __init__(self, **umlauts: str) -> None:
        super().__init__()
        self._umlauts = umlauts

    def __missing__(self, code: int) -> str:
        char = chr(code)
        spelled = self._umlauts.get(char.lower(), char)
        bare = "'" if char in _APOSTROPHES else without_marks(normalise(spelled, "NFKD"))
        folded = normalise(bare.casefold().translate(_PLAIN), "NFKC")  # composes Korean syllables
        if len(self) < _MAX_CACHED_CHARACTERS:
            self[code] = folded
        return folded


_FOLDING = _Folding()
# “Ångström” is written “Angstroem” or “Aangstroem”.
_EXPANSIONS = (_Folding(ä="ae", ö="oe", ü="ue", ø="oe"), _Folding(ä="ae", ö="oe", ü="ue", ø="oe", å="aa"))


def stored_words(text: str) -> list[str]:
    """Return the words by which a text is found, with all their spellings; they may repeat.

    A query matches the beginning of a word. Scripts without blanks are therefore stored as windows, which
    begin at every character, and “d'Arc” as “darc” and “arc”.
    """
    if text.isascii():
        # Folding changes nothing but the case in ASCII.
        if "'" not in text and "`" not in text:
            words = text.encode().translate(_ASCII_LOWER).decode().split()
            are_short = len(text) <= MAX_WORD_LENGTH or max(map(len, words), default=0) <= MAX_WORD_LENGTH
            return words if are_short else [word[:MAX_WORD_LENGTH] for word in words]
        words = _ASCII_WORD.findall(text.lower().replace("`", "'"))
    else:
        composed = _compose(text)
        words = _WORD.findall(composed.translate(_FOLDING))
        if tables := _expansions(composed):
            umlauts = " ".join(word for word in composed.split() if _HAS_UMLAUT.search(word))
            words += [word for table in tables for word in _WORD.findall(umlauts.translate(table))]
    return [part for word in words for part in _stored(word)]


def queried_words(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words that must be found, each with its alternative spellings.

    Args:
        text: of any length and content; only its first ``MAX_QUERY_LENGTH`` characters count.
    """
    # Composing can make 18 characters of one.
    composed = _compose(text.strip()[:MAX_QUERY_LENGTH])[:MAX_QUERY_LENGTH]
    tables = (_FOLDING, *_expansions(composed))
    for spellings in zip(*(_WORD.findall(composed.translate(table)) for table in tables), strict=True):
        if _UNSPACED_CHAR.match(spellings[0]) is None:
            yield tuple(dict.fromkeys(word.replace("'", "")[:MAX_WORD_LENGTH] for word in spellings))
        else:
            word = spellings[0]
            yield from ((word[at : at + WINDOW],) for at in range(max(len(word) - WINDOW, 0) + 1))


def folded(text: str) -> str:
    """Return a text in NFC as words are compared: without case, accents, umlauts and width."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def is_unspaced(text: str) -> bool:
    """Return True if a text is in scripts that have no blanks between words."""
    return not text.isascii() and _UNSPACED_TEXT.fullmatch(text) is not None


def _compose(text: str) -> str:
    """Return a text in NFKC, which composes its umlauts."""
    text = text.replace(_ACUTE, "'")
    try:
        return normalise(text, "NFKC")
    except ValueError:  # more combining marks in a row than any language needs
        return normalise(without_marks(text), "NFKC")


def _expansions(composed: str) -> Sequence[_Folding]:
    """Return the tables that spell the umlauts of a text, if it has some."""
    if _HAS_UMLAUT.search(composed) is None:
        return ()
    return _EXPANSIONS if "å" in composed or "Å" in composed else _EXPANSIONS[:1]


def _stored(word: str) -> Sequence[str]:
    if "'" in word:
        joined, ends = word.replace("'", ""), accumulate(map(len, word.split("'")), initial=0)
        return [joined[start : start + MAX_WORD_LENGTH] for start in dict.fromkeys(ends) if joined[start:]]
    if word.isascii() or _UNSPACED_CHAR.match(word) is None:
        return (word[:MAX_WORD_LENGTH],)
    return [word[at : at + WINDOW] for at in range(len(word))]
