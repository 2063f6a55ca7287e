"""Phone numbers and addresses in inputs: two numbers, notes behind them, and words that stand for none."""

import pytest

from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.values.phone import decimal_digits

WORDS_FOR_NONE = [
    *(
        "n/a",
        "N/A",
        "n.a.",
        "na",
        "-",
        "--",
        "\u2013",
        ".",
        "/",
        "?",
        "x",
        "XXX",
        "0",
        "000",
        "none",
        "No",
        "null",
    ),
    *("unknown", "not available", "keine", "kein", "Nein", "unbekannt", "k. A.", "k.A.", "keine Angabe"),
    *("entfällt", "aucun", "non", "inconnu", "ninguno", "ningún", "no tengo", " - ", "(none)"),
]
JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}


@pytest.mark.parametrize(
    "text",
    [
        "0170 5550001 / 030 5550002",
        "0170 5550001, 030 5550002",
        "0170 5550001;030 5550002",
        "0170 5550001\n030 5550002",
        " 0170 5550001 \r\n 030 5550002\n",
        "+49 170 5550001 oder 030/5550002",
        "0170-5550001 or (030) 555-0002",
    ],
)
def test_second_of_two_phone_numbers_becomes_an_answer(text: str) -> None:
    inputs = Inputs.of({**JANE, "phone": text})
    first, second = inputs.fields["phone"], inputs.answers["phone"]
    assert [decimal_digits(str(number))[-7:] for number in (first, second)] == ["5550001", "5550002"]


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("030 12345 (abends)", "030 12345", "(abends)"),
        (" +49 30 5550001(private) ", "+49 30 5550001", "(private)"),
        ("0170 5550001 (ask for Jane, please)", "0170 5550001", "(ask for Jane, please)"),
        ("0170 5550001 ab 18 Uhr", "0170 5550001", "ab 18 Uhr"),
        ("030 12345678, abends", "030 12345678", "abends"),
        ("+44 20 7946 0018 - please call after 5 pm", "+44 20 7946 0018", "please call after 5 pm"),
        ("0170 5550001 Büro: 030 5550002", "0170 5550001", "Büro: 030 5550002"),
    ],
)
def test_note_behind_a_phone_number_becomes_an_answer(text: str, number: str, note: str) -> None:
    inputs = Inputs.of({**JANE, "phone": text})
    assert (inputs.fields["phone"], inputs.answers["phone"]) == (number, note)


@pytest.mark.parametrize(
    "text",
    [
        "030 5550001 ext 12",
        "030 5550001, App. 12",
        "1800 555 1234 CALL",
        "+1 800 FLOWERS 1",
        "0049 171 / 2223334",
        "0171/222 33 34",
        "030 / 5550001",
        "+49 89, 1234567",
        "1 2 / 3 4",
        "or / or",
    ],
)
def test_one_phone_number_stays_whole(text: str) -> None:
    assert Inputs.of({**JANE, "phone": text}).fields["phone"] == text


@pytest.mark.parametrize("text", WORDS_FOR_NONE)
def test_word_for_none_becomes_answer(text: str) -> None:
    inputs = Inputs.of({**JANE, "phone": text})
    assert ("phone" in inputs.fields, inputs.answers) == (False, {"phone": text.strip()})
    inputs = Inputs.of({"name": "Jane Roe", "E-Mail": text, "Telefon": "030 5550001"})
    assert (inputs.fields["phone"], inputs.answers) == ("030 5550001", {"E-Mail": text.strip()})


def test_other_number_replaces_a_word_for_none() -> None:
    inputs = Inputs.of({**JANE, "phone": "-", "mobile": "0170 5550001"})
    assert (inputs.fields["phone"], inputs.answers) == ("0170 5550001", {"phone": "-"})


@pytest.mark.parametrize(
    "text", ["abc", "call me", "+", "()", "\0", "0 1", "+1 555", "4,917E+11", "nope", "x12", "ann"]
)
def test_other_text_stays_phone_number(text: str) -> None:
    assert Inputs.of({**JANE, "phone": text}).fields["phone"] == text


def test_word_for_none_of_a_file_is_reported() -> None:
    assert Inputs.of({**JANE, "phone": "n/a"}, from_import=True).fields["phone"] == "n/a"


@pytest.mark.parametrize("name", ["email", "E-Mail"])
@pytest.mark.parametrize("text", ["jane@example.com (work)", " jane@example.com(work) "])
def test_note_behind_an_address_becomes_an_answer(name: str, text: str) -> None:
    inputs = Inputs.of({"name": "Jane", name: text})
    assert (inputs.fields["email"], inputs.answers) == ("jane@example.com", {name: "(work)"})


@pytest.mark.parametrize(
    "text", ["jane@example.com (a@b.de) x", "jane (work)", "a@b.de, c@d.de (work)", "()"]
)
def test_other_text_stays_the_address(text: str) -> None:
    assert Inputs.of({**JANE, "email": text}).fields["email"] == text
