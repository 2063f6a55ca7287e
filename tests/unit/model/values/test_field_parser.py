"""Raw fields: every rule about text, and every complaint at once."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.values.field_parser import FieldParser, clean_text
from tests.support.examples.strategies import anything, wild_text
from tests.support.instruments.expected_errors import result_or_error

LIMIT = 12
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]
LINE_BREAKS = "\r\n\t\v\f\u2028\u2029"


def errors(parser: FieldParser) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidInput) as raised:
        parser.raise_if_errors()
    return raised.value.errors


def is_refused(text: str, *, multiline: bool) -> bool:
    forbidden = {*CONTROLS} - ({*LINE_BREAKS} if multiline else set())
    is_broken = "\ufffd" in text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return len(text) > LIMIT or bool(forbidden & {*text}) or (is_broken and "\ufffd" not in text)


def cleaned(raw: str, *, multiline: bool) -> str:
    """Return the text as simply as possible: uniform blanks, nothing invisible at the ends."""
    for wrong in "\t\v\f":
        right = " " if not multiline else "\t" if wrong == "\t" else "\n"
        raw = raw.replace(wrong, right)
    text = raw.replace("\r\n", "\n").replace("\r", "\n") if multiline else raw
    while text and (text[0].isspace() or is_invisible(text[0])):
        text = text[1:]
    while text and (text[-1].isspace() or is_invisible(text[-1])):
        text = text[:-1]
    return text


def is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and not "\U000e0020" <= char <= "\U000e007f"


@given(raw=wild_text, multiline=st.booleans())
def test_text_is_trimmed_and_composed_and_rejected_exactly_if_it_is_long_or_has_control_characters(
    *, raw: str, multiline: bool
) -> None:
    expected = unicodedata.normalize("NFC", cleaned(raw, multiline=multiline))
    outcome = result_or_error(lambda: clean_text(raw, limit=LIMIT, multiline=multiline), ValueError)
    if is_refused(expected, multiline=multiline):
        assert isinstance(outcome, ValueError)
    else:
        assert outcome == expected


@given(wild_text)
def test_cleaning_is_idempotent(raw: str) -> None:
    text = "".join(char for char in raw if not "\ud800" <= char <= "\udfff" and char.isprintable())
    cleaned = clean_text(text, limit=3 * len(text), multiline=True)
    assert clean_text(cleaned, limit=len(cleaned), multiline=True) == cleaned


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=LIMIT))
def test_ordinary_words_are_unchanged(word: str) -> None:
    assert clean_text(f"  {word}\n", limit=3 * LIMIT) == unicodedata.normalize("NFC", word)


def test_limit_applies_after_cleaning() -> None:
    decomposed = unicodedata.normalize("NFD", "é" * LIMIT)
    assert len(decomposed) == 2 * LIMIT
    assert clean_text(f"   {decomposed}   ", limit=LIMIT) == "é" * LIMIT
    with pytest.raises(ValueError, match="at most 12 characters"):
        clean_text("é" * (LIMIT + 1), limit=LIMIT)


def test_astral_characters_count_once() -> None:
    assert clean_text("🦊" * LIMIT, limit=LIMIT) == "🦊" * LIMIT


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"U+{ord(control):04X}")
def test_control_characters_are_rejected_but_for_line_breaks_where_they_belong(control: str) -> None:
    text = f"a{control}b"
    if control in "\t\v\f":
        assert clean_text(text, limit=LIMIT) == "a b"
    else:
        with pytest.raises(ValueError, match="control characters"):
            clean_text(text, limit=LIMIT)
    if control in LINE_BREAKS:
        kept = control if control in "\t\u2028\u2029" else "\n"
        assert clean_text(text, limit=LIMIT, multiline=True) == f"a{kept}b"
    else:
        with pytest.raises(ValueError, match="control characters"):
            clean_text(text, limit=LIMIT, multiline=True)


@pytest.mark.parametrize("lone", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_lone_surrogates_are_rejected_everywhere(lone: int) -> None:
    for text in (chr(lone), f"a{chr(lone)}b", f"  {chr(lone)}"):
        with pytest.raises(ValueError, match="control characters"):
            clean_text(text, limit=LIMIT, multiline=True)


@pytest.mark.parametrize("raw", [{}, {"name": None}, {"name": ""}, {"name": " \t\r\n\u3000"}])
def test_blank_values_count_as_missing(raw: dict[str, object]) -> None:
    parser = FieldParser(raw)
    assert parser.optional("name", limit=LIMIT) is None
    parser.raise_if_errors()
    assert parser.required("name", limit=LIMIT) == ""
    assert errors(parser) == (FieldError("name", "is required"),)


@pytest.mark.parametrize("value", [0, 1.5, True, False, b"Ann", [], ["Ann"], {}, object()])
def test_empty_values_must_be_text_too(value: object) -> None:
    parser = FieldParser({"name": value})
    assert parser.required("name", limit=LIMIT) == ""
    assert errors(parser) == (FieldError("name", "must be text"),)


def test_every_invalid_field_is_named_in_order() -> None:
    parser = FieldParser({"b": "x" * 13, "c": "\0", "d": "fine", "f": 1})
    for name in "abcd":
        parser.required(name, limit=LIMIT)
    parser.parsed("d", "fine", int)
    parser.optional("e", limit=LIMIT)
    parser.optional("f", limit=LIMIT)
    assert [error.field for error in errors(parser)] == ["a", "b", "c", "d", "f"]


def test_missing_fields_are_not_parsed() -> None:
    parser = FieldParser({})
    assert [parser.parsed("n", text, int) for text in (None, "", "42")] == [None, None, 42]
    parser.raise_if_errors()


@given(anything)
def test_any_value_is_read_or_rejected(value: object) -> None:
    parser = FieldParser({"name": value})
    text = parser.optional("name", limit=LIMIT, multiline=True)
    outcome = result_or_error(parser.raise_if_errors, InvalidInput)
    if isinstance(outcome, InvalidInput):
        assert text is None
        assert {error.field for error in outcome.errors} == {"name"}
    else:
        assert text is None or 1 <= len(text) <= LIMIT
