"""Phone numbers as people of many countries write them, parsed by the real library."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.domain.model.values.phone import normalise_phone, phone_key
from tests.support.examples.wide_forms import widen

GERMAN = LibPhoneParser(region="DE").to_e164
JAPANESE = LibPhoneParser(region="JP").to_e164


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 (415) 555-2671 x12", "+14155552671 ext. 12"),
        ("+1-415-555-2671 ext 12", "+14155552671 ext. 12"),
        ("+44 20 7946 0018 extension 5", "+442079460018 ext. 5"),
        ("+44 20 7946 0018 EXT5", "+442079460018 ext. 5"),
        ("+44 20 7946 0018 ext.5", "+442079460018 ext. 5"),
        ("+1 415 555 2671 #12", "+14155552671 ext. 12"),
        ("+33 1 42 68 53 00 poste 12", "+33142685300 ext. 12"),
        ("+49 30 12345678 Durchwahl 12", "+493012345678 ext. 12"),
        ("+49-30-12345678;ext=12", "+493012345678 ext. 12"),
        ("030 12345678, App. 12", "+493012345678 ext. 12"),
        ("030 12345678 DW 12", "+493012345678 ext. 12"),
        ("+39 06 6982 int. 12", "+39066982 ext. 12"),
        ("+31 20 123 4567 toestel 12", "+31201234567 ext. 12"),
        ("49 171 2345678", "+491712345678"),
        ("49171/2345678", "+491712345678"),
        ("49 (0)171-2345678", "+491712345678"),
        ("04917 123456", "+494917123456"),
        ("+49 (0)30 123456", "+4930123456"),
        ("0049 30 1234567", "+49301234567"),
        ("+41 44 668 18 00", "+41446681800"),
        ("+43 1 534 53", "+43153453"),
        ("+39 06 6982", "+39066982"),
        ("+34 912 345 678", "+34912345678"),
        ("+31 20 123 4567", "+31201234567"),
        ("+46 8 123 456 78", "+46812345678"),
        ("+48 22 123 45 67", "+48221234567"),
        ("+81 3-1234-5678", "+81312345678"),
        ("+86 10 8888 8888", "+861088888888"),
        ("+82 2-312-3456", "+8223123456"),
        ("+91 98765 43210", "+919876543210"),
        ("+55 11 91234-5678", "+5511912345678"),
        ("+61 2 9374 4000", "+61293744000"),
        ("+7 495 123-45-67", "+74951234567"),
        ("0170\u20131234567", "+491701234567"),
        ("+٤٩٣٠١٢٣٤٥٦", "+4930123456"),
        ("'0170 1234567", "+491701234567"),
        ('="01701234567"', "+491701234567"),
        ("tel:+49-170-1234567", "+491701234567"),
        ("p:+491701234567", "+491701234567"),
        ("Tel. 030 12345", "+493012345"),
        ("Mobil 0170 1234567", "+491701234567"),
        ("WhatsApp: +49 170 1234567", "+491701234567"),
        ("Téléphone : 01", None),
        ("+1 800 FLOWERS 1", "+1 800 FLOWERS 1"),
        ("030 12345 (abends)", "030 12345 (abends)"),
        ("mobile only please", None),
        ("112", None),
        ("ext. 5", None),
        ("4,917E+11", None),
    ],
)
def test_number_is_recognised_or_kept_or_rejected(text: str, number: str | None) -> None:
    if number is None:
        with pytest.raises(ValueError, match=r"phone|number"):
            normalise_phone(text, GERMAN)
    else:
        assert normalise_phone(text, GERMAN) == number
        assert normalise_phone(number, GERMAN) == number, "a stored number is read as itself"


@pytest.mark.parametrize(
    "text",
    [
        "+81 3-1234-5678",
        "03-1234-5678",
        "03 (1234) 5678",
        "090/1234/5678",
        "+44 20 7946 0018 ext. 5",
        "tel:+81312345678",
        "Mobile: 090 1234 5678",
        "1234",
        "12345 ext. 6",
    ],
)
def test_wide_number_is_read_as_ascii(text: str) -> None:
    number = normalise_phone(text, JAPANESE)
    assert number.isascii()
    assert normalise_phone(widen(text), JAPANESE) == number
    assert normalise_phone(f"+{widen(text[1:])}" if text[0] == "+" else text, JAPANESE) == number


@pytest.mark.parametrize("dash", "\u2010\u2013\u2212\u30fc\uff0d")
def test_dash_of_any_keyboard_separates_digits(dash: str) -> None:
    assert normalise_phone(widen(f"03{dash}1234{dash}5678"), JAPANESE) == "+81312345678"


@pytest.mark.parametrize("text", ["123", "call me", "+", "1e5"])
def test_wide_text_is_rejected_as_in_ascii(text: str) -> None:
    errors = []
    for spelling in (text, widen(text)):
        with pytest.raises(ValueError, match=r"phone|number") as raised:
            normalise_phone(spelling, JAPANESE)
        errors.append(str(raised.value))
    assert errors[0] == errors[1]


def test_colleagues_behind_one_switchboard_are_two_persons() -> None:
    keys = {phone_key(normalise_phone(f"030 12345 {tail}", GERMAN)) for tail in ("", "ext. 1", "x2", "Ext 1")}
    assert len(keys) == 3


codes = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
digits = st.text("0123456789", min_size=5, max_size=13)


separators = st.sampled_from(["", "", " ", "-", ".", "/", "(", ")", " (", ") ", " / ", "(0)"])


@given(code=codes, national=digits)
def test_number_from_a_program_is_read_as_the_library_reads_it(code: int, national: str) -> None:
    text = f"+{code}{national}"
    assert GERMAN(text) == read_by_library(text)


@given(code=codes, national=digits, data=st.data())
def test_number_with_separators_is_read_as_the_library_reads_it(
    code: int, national: str, data: st.DataObject
) -> None:
    written = f"{code}{national}"
    between = data.draw(st.lists(separators, min_size=len(written), max_size=len(written)))
    text = "+" + "".join(digit + mark for digit, mark in zip(written, between, strict=True))
    assert GERMAN(text) == read_by_library(text)


def read_by_library(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, 0) if phonenumbers.is_possible_number(number) else None
