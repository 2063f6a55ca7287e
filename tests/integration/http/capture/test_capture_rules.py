"""``POST /leads``: each rule of each field, every complaint at once, and nothing stored against a rule."""

from typing import Any

import pytest

from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client, fields_in
from tests.support.raw_database import RawDatabase

LONG_DOMAIN = ".".join(["d" * 60] * 3)

ACCEPTED: dict[str, list[object]] = {
    "first_name": [
        "x",
        "x" * 100,
        "é" * 100,
        "e\u0301" * 100,
        "李",
        "O'Neill",
        "=1+1",
        " x ",
        "a\tb",
        None,
        "",
        "  ",
    ],
    "last_name": ["x" * 100, "von und zu", "١٢٣", None, "", "\u00a0"],
    "email": [
        "a@example.com",
        " a@example.com ",
        "first.last+tag@sub.example.co.uk",
        "müller@müller.example",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        f"{'l' * 64}@example.com",
        f"{'l' * 60}@{LONG_DOMAIN}.example"[-254:],
    ],
    "phone": ["1234", "+49 30 901820", "030/90 18 20", "ask for 1234", 49301234, None, ""],
    "message": ["x" * 5_000, "🦊" * 5_000, "two\r\nlines", "a\tb", None, "", "  "],
    "source": ["x" * 200, "utm:spring_sale", None, ""],
}
REJECTED: dict[str, list[object]] = {
    "first_name": ["x" * 101, "a\nb", "a\x00b", "a\x7fb", 5, ["x"], {}, True],
    "last_name": ["x" * 101, "a\x1bb", 1.5, []],
    "email": [
        None,
        "",
        "a",
        "a@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@example..com",
        "a@example.com, b@example.com",
        "a@example.com\nBcc: b@example.com",
        "a@127.0.0.1",
        f"{'l' * 65}@example.com",
        f"{'l' * 64}@{'.'.join(['d' * 60] * 4)}.example",
        7,
        {"a": 1},
    ],
    "phone": ["123", "no number", "1" * 16, "1" * 41, 12, ["+4930901820"], "12\n34"],
    "message": ["x" * 5_001, "a\x00b", "a\x1bb", 5, {}],
    "source": ["x" * 201, "a\nb", False],
}


@on_every_database
@each(
    ("person", "field", "value"),
    [
        (f"{field}{number}@example.com", field, value)
        for field, values in ACCEPTED.items()
        for number, value in enumerate(values)
    ],
)
def test_valid_values_are_accepted(public: Client, person: str, field: str, value: object) -> None:
    assert public.post("/leads", make_fields(person) | {field: value}).status == 201


@on_sqlite
@each(("field", "value"), [(field, value) for field, values in REJECTED.items() for value in values])
def test_invalid_value_is_named_and_not_stored(
    public: Client, raw_db: RawDatabase, field: str, value: object
) -> None:
    rejected = public.post("/leads", make_fields() | {field: value})
    assert rejected.status == 422
    assert fields_in(rejected) == [field]
    assert rejected.body["type"].endswith(":invalid-input")
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_one_name_is_a_first_name(public: Client, name: str) -> None:
    created = public.post("/leads", {name: "Pelé", "email": "pele@example.com"})
    assert (created.status, created.body["first_name"], created.body["last_name"]) == (201, "Pelé", None)


@pytest.mark.parametrize("contact", [{"email": "pele@example.com"}, {"phone": "+4930901820"}])
def test_one_way_to_reach_a_person_is_enough(public: Client, contact: dict[str, str]) -> None:
    created = public.post("/leads", {"first_name": "Pelé", **contact})
    assert created.status == 201
    assert created.body.items() >= ({"email": None, "phone": None} | contact).items()


@pytest.mark.parametrize("kind", ["json", "data"])
@pytest.mark.parametrize("word", ["n/a", "-", "none", "keine", "unbekannt", "x"])
def test_word_for_no_number_costs_only_the_number(public: Client, kind: str, word: str) -> None:
    def send(**fields: Any) -> Response:
        body: dict[str, Any] = {kind: make_fields(**fields)}
        return public.request("POST", "/leads", **body)

    created = send(phone=word, topic="lease")
    assert (created.status, created.body["phone"]) == (201, None)
    assert created.body["answers"] == {"phone": word, "topic": "lease"}
    created = send(email=word, phone="+4930901820")
    assert (created.status, created.body["email"], created.body["answers"]) == (201, None, {"email": word})


def test_words_for_neither_contact_are_rejected(public: Client, agent: Client) -> None:
    rejected = public.post("/leads", make_fields("none", phone="n/a"))
    assert (rejected.status, fields_in(rejected)) == (422, ["email"])
    [kept] = agent.get("/quarantine").body
    assert (kept["fields"]["email"], kept["fields"]["phone"]) == ("none", "n/a")


def test_a_name_is_required(public: Client, raw_db: RawDatabase) -> None:
    rejected = public.post("/leads", make_fields(first_name=" ", last_name=None))
    assert rejected.status == 422
    assert rejected.body["errors"] == [{"field": "first_name", "message": "is required"}]
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize("nothing", [{}, {"email": None, "phone": None}, {"email": "", "phone": " "}])
def test_address_or_number_is_required(
    public: Client, raw_db: RawDatabase, nothing: dict[str, str | None]
) -> None:
    rejected = public.post("/leads", {"first_name": "Ann", "last_name": "Lee", **nothing})
    assert rejected.status == 422
    assert rejected.body["errors"] == [{"field": "email", "message": "or a phone number is required"}]
    assert raw_db.count("leads") == 0


def test_every_invalid_field_is_named(public: Client, raw_db: RawDatabase) -> None:
    rejected = public.post("/leads", {field: values[-1] for field, values in REJECTED.items()})
    assert rejected.status == 422
    assert fields_in(rejected) == sorted(REJECTED)
    assert raw_db.count("leads") == 0


@on_every_database
def test_a_lone_surrogate_is_replaced(public: Client, viewer: Client) -> None:
    data = (
        rb'{"first_name": "Ann \ud800", "email": "a@example.com", '
        rb'"message": "\ud83d\ude00 \\ud800", "\uDC00": 1}'
    )
    sent = public.post("/leads", data=data, content_type="application/json")
    lead = viewer.get(f"/leads/{sent.body['id']}").body
    assert (lead["first_name"], lead["message"]) == ("Ann \ufffd", "\U0001f600 \\ud800")
    assert lead["answers"] == {"\ufffd": "1"}


@on_every_database
def test_numbers_of_any_size_are_kept(public: Client, viewer: Client) -> None:
    long = "9" * 400
    data = f'{{"first_name": "Ann \\ud800", "email": "a@example.com", "x": 1e400, "y": [{long}, -2E999]}}'
    sent = public.post("/leads", data=data, content_type="application/json")
    lead = viewer.get(f"/leads/{sent.body['id']}").body
    assert lead["first_name"] == "Ann \ufffd"
    assert lead["answers"] == {"x": "1e400", "y": f'[{long}, "-2E999"]'}


@on_every_database
def test_unusual_json_loses_nothing(public: Client, viewer: Client) -> None:
    data = b"""{"email": "a@example.com", "email" : "b@example.com", "first_name": "Ann", "topic": "lease",
        "topic": "rent", "id number": 123456789012345678901234567890, "nested": {"a": 1, "a": [2]},
        "list": [98765432109876543210]}"""
    sent = public.post("/leads", data=data, content_type="application/json")
    lead = viewer.get(f"/leads/{sent.body['id']}").body
    assert lead["email"] == "a@example.com"
    assert lead["answers"] == {
        "email": "b@example.com",
        "topic": ["lease", "rent"],
        "id number": "123456789012345678901234567890",
        "nested": '{"a": [1, [2]]}',
        "list": "[98765432109876543210]",
    }


@on_sqlite
@pytest.mark.parametrize("body", ["[]", "null", "5", '"text"', "[{}]", "true"])
def test_json_that_is_no_object_is_rejected(public: Client, raw_db: RawDatabase, body: str) -> None:
    rejected = public.post("/leads", data=body, content_type="application/json")
    assert rejected.status == 422
    assert fields_in(rejected) == ["body"]
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  Ann \u00a0", "Ann"),
        ("Zoe\u0308", "Zoë"),
        ("Mary  Ann", "Mary  Ann"),
        ("Mary\tAnn", "Mary Ann"),
        ("\u200bAnn\ufeff", "Ann"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_texts_are_trimmed_and_composed(public: Client, sent: str, kept: str) -> None:
    assert public.post("/leads", make_fields(first_name=sent)).body["first_name"] == kept


def test_address_is_kept_as_given(public: Client) -> None:
    created = public.post("/leads", make_fields(" Ann.Lee+Ads@Müller.EXAMPLE "))
    assert created.body["email"] == "Ann.Lee+Ads@Müller.EXAMPLE"
