"""Text rules: what is accepted, what is rejected, and that neither takes long."""

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leadtracker
from leadtracker.domain.model.accounts.account_draft import UserDraft
from leadtracker.domain.model.leads.queries.search import Search, terms_in
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_parser import clean_text
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.domain.model.values.text import (
    MAX_DECOMPOSITION_LENGTH,
    MAX_MARKS_IN_A_ROW,
    Form,
    clean,
    normalise,
    trim,
    without_marks,
)
from tests.support.examples.strategies import wild_text
from tests.support.examples.worst_texts import WORST_TEXTS, processor_time_below
from tests.support.instruments.expected_errors import result_or_error

FORMS: tuple[Form, ...] = ("NFC", "NFKC", "NFKD")
LANGUAGES = {
    "Vietnamese": "Nguyễn Thị Ngọc Ánh, Đường Điện Biên Phủ",
    "Hindi": "श्रीमती लक्ष्मी त्रिपाठी, क्षत्रिय",
    "Thai": "นางสาวปิ่นเกล้า น้ำทิพย์ ที่นี่",
    "Arabic with vowel points": "مُحَمَّدٌ رَسُولُ ٱللَّٰهِ",
    "Hebrew with niqqud": "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "Tibetan": "བཀྲ་ཤིས་བདེ་ལེགས། ཧཱུྃ",
    "Japanese in half width": "ﾊﾞﾅﾅﾊﾟﾊﾟｶﾞ",
    "Korean": "홍길동",
    "Zalgo": "Z" + "\u0315\u0300" * (MAX_MARKS_IN_A_ROW // 2) + "algo",
}
BYTES_OF_A_BODY = 256 * 1024
MAX_NORMALISATION_SECONDS = 0.2
"""Seconds of processor time: generous, for machines that do other things, too; minutes without the rules."""

marks = st.sampled_from("\u0300\u0315\u0345\u05b0\u064b\u0f71\u0f73\u0f75\u0f81\u3099\uff9e\uff9f")
marked_text = st.text(marks | st.sampled_from("aé한\u1100\u1161\u11a8\ufdfa ") | st.characters(), max_size=80)


BLANKS = str.maketrans("\t\v\f", "   ")


def every_character() -> Iterator[str]:
    return map(chr, range(sys.maxunicode + 1))


@given(raw=marked_text | wild_text, limit=st.integers(1, 40))
def test_cleaned_text_is_composed_and_trimmed_and_within_its_limit(raw: str, limit: int) -> None:
    cleaned = result_or_error(lambda: clean(raw, limit=limit), ValueError)
    expected = trim(unicodedata.normalize("NFC", raw.strip().translate(BLANKS)))
    if isinstance(cleaned, ValueError):
        assert len(expected) > limit or "marks" in str(cleaned)
    else:
        assert cleaned == expected
        assert len(cleaned) <= limit


@given(raw=marked_text, form=st.sampled_from(FORMS))
def test_normalisation_is_that_of_unicode_or_rejects_a_run_of_marks(raw: str, form: Form) -> None:
    outcome = result_or_error(lambda: normalise(raw, form), ValueError)
    if isinstance(outcome, ValueError):
        assert len(without_marks(raw)) < len(raw) - MAX_MARKS_IN_A_ROW
    else:
        assert outcome == unicodedata.normalize(form, raw)


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES.keys())
@pytest.mark.parametrize("form", FORMS)
def test_every_language_is_accepted_in_every_form(text: str, form: Form) -> None:
    spelled = unicodedata.normalize("NFD", text)
    assert normalise(spelled, form) == unicodedata.normalize(form, text)
    assert clean(spelled, limit=100) == unicodedata.normalize("NFC", text)
    assert clean_filename(f"{spelled}.pdf") == unicodedata.normalize("NFC", f"{text}.pdf")


@pytest.mark.parametrize("mark", ["\u0300", "\u0f73", "\uff9e", "\u05b0"], ids=ascii)
def test_thirty_marks_in_a_row_are_accepted_and_one_more_is_not(mark: str) -> None:
    accepted = "a" + mark * MAX_MARKS_IN_A_ROW + "b" + mark
    assert normalise(accepted, "NFC") == unicodedata.normalize("NFC", accepted)
    with pytest.raises(ValueError, match=r"^must not contain more than 30 combining marks in a row$"):
        normalise("a" + mark * (MAX_MARKS_IN_A_ROW + 1), "NFC")


def test_every_character_that_normalises_to_marks_counts_as_a_mark() -> None:
    for char in every_character():
        decomposed = unicodedata.normalize("NFKD", char)
        assert (without_marks(char) == "") == all(map(unicodedata.combining, decomposed)), ascii(char)


def test_no_character_decomposes_to_more_parts_than_the_length_check_allows_for() -> None:
    longest = max(len(unicodedata.normalize("NFD", char)) for char in every_character())
    assert longest == MAX_DECOMPOSITION_LENGTH
    widest = next(char for char in every_character() if len(unicodedata.normalize("NFD", char)) == longest)
    assert clean(unicodedata.normalize("NFD", widest) * 50, limit=50) == widest * 50


def test_text_that_is_too_long_is_rejected_for_its_length_whatever_it_holds() -> None:
    bomb = WORST_TEXTS["marks in the wrong order"](BYTES_OF_A_BODY)
    with pytest.raises(ValueError, match=r"^must be at most 100 characters$"):
        clean_text(bomb, limit=100)
    with pytest.raises(ValueError, match=r"^must be an e-mail address, such as name@example.com$"):
        EmailAddress.parse(bomb + "@example.com")


def test_a_long_file_name_keeps_its_beginning_and_its_extension() -> None:
    name = clean_filename("Ann's resume " + "x" * BYTES_OF_A_BODY + ".pdf")
    assert name.startswith("Ann's resume xxx")
    assert name.endswith("xxx.pdf")
    assert len(name) == 200


def test_a_file_name_with_too_many_marks_in_a_row_is_rejected() -> None:
    message = r"^must have a file name with at most 30 combining marks in a row$"
    with pytest.raises(ValueError, match=message):
        clean_filename("cv" + "\u0300" * 31 + ".pdf")


def test_a_search_ignores_marks_however_many_there_are() -> None:
    assert Search.parse("Ann" + "\u0315\u0300" * 100).words == (("ann",),)
    assert terms_in(["Ann" + "\u0315\u0f73" * 100], "").count("ann") == 1


@pytest.mark.parametrize("make", WORST_TEXTS.values(), ids=WORST_TEXTS.keys())
@pytest.mark.parametrize("length", [400, 1_016, 20_000, BYTES_OF_A_BODY])
def test_no_text_of_any_length_takes_long(make: object, length: int) -> None:
    assert callable(make)
    text: str = make(length)
    for read in (
        lambda: clean_text(text, limit=100),
        lambda: clean_text(text, limit=5_000, multiline=True),
        lambda: EmailAddress.parse(text),
        lambda: EmailAddress.parse(f"a@{text}"),
        lambda: EmailAddress.parse(f"a@{text[:250]}"),
        lambda: clean_filename(text),
        lambda: clean_filename(f"cv.{text}"),
        lambda: Search.parse(text),
        lambda: terms_in([text[:5_000]], text[:40]),
        lambda: UserDraft.read({"name": text, "email": text, "role": text, "password": text}),
    ):
        with processor_time_below(MAX_NORMALISATION_SECONDS):
            result_or_error(read, Exception)


def test_no_other_module_normalises() -> None:
    folder = Path(leadtracker.__file__).parent
    users = [path.name for path in folder.rglob("*.py") if "unicodedata.normalize" in path.read_text()]
    assert users == ["text.py"]
