"""Rejected submissions: the bounds of what is kept, and the person whom it concerns."""

import pytest

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.intake.rejected_submission import bounded_errors, bounded_fields, digest_of
from leadtracker.domain.model.leads.inputs.answers import MAX_ANSWERS_BYTES
from tests.support.builders import make_rejected


def test_inputs_are_kept_under_their_names() -> None:
    raw = {
        "E-Mail": " ann@ ",
        "topics": ("a", "b"),
        "list": ["a"],
        "age": 41,
        "nested": {"a": [1]},
        "nothing": None,
    }
    assert bounded_fields(raw) == {
        "E-Mail": "ann@",
        "topics": ["a", "b"],
        "list": '["a"]',
        "age": "41",
        "nested": '{"a": [1]}',
    }


@pytest.mark.parametrize(
    "raw",
    [
        {"data": {"attributes": {"email": "ann@", "topics": ["a", "b"]}}},
        {"fields": [{"label": "email", "value": "ann@"}, {"label": "topics", "value": ["a", "b"]}]},
        {"contact[email]": "ann@", "data": {"fields": [{"label": "topics", "value": ["a", "b"]}]}},
    ],
)
def test_inputs_of_form_builders_are_kept_one_by_one(raw: dict[str, object]) -> None:
    kept = bounded_fields(raw)
    assert kept["email"] == "ann@"
    assert kept["topics"] in (["a", "b"], '["a", "b"]')


@pytest.mark.parametrize(
    "name",
    [
        "form_token",
        "leave_this_empty",
        "_gotcha",
        "csrf_token",
        "g-recaptcha-response",
        "Password",
        "redirect_to",
        "passphrase",
        "Kennwort",
        "mot_de_passe",
    ],
)
def test_tokens_and_passwords_are_not_kept(name: str) -> None:
    assert bounded_fields({name: "secret", "message": "Hello"}) == {"message": "Hello"}


def test_inputs_are_bounded() -> None:
    many = bounded_fields({f"name {number}": "x" for number in range(101)})
    assert len(many) == 50
    long = bounded_fields({"n" * 200: "v" * 5_000})
    assert long == {"n" * 100: "v" * 2_000}
    large = bounded_fields({f"name {number}": "ü" * 2_000 for number in range(50)})
    assert 15_000 < sum(len(f"{name}{text}".encode()) for name, text in large.items()) <= MAX_ANSWERS_BYTES


def test_text_that_no_database_stores_is_replaced() -> None:
    assert bounded_fields({"a\x00": "b\ud800\x00"}) == {"a\ufffd": "b\ufffd\ufffd"}
    assert bounded_errors([FieldError("x" * 500, "y" * 5_000)]) == (FieldError("x" * 100, "y" * 500),)


def test_new_form_token_makes_no_other_body() -> None:
    raw = {"message": "Hello", "form_token": "a"}
    assert digest_of(raw) == digest_of({"form_token": "b", "message": "Hello"})
    assert digest_of(raw) != digest_of({"message": "Hello!", "form_token": "a"})


@pytest.mark.parametrize(
    ("text", "concerns"),
    [
        ("ann@example.com", True),
        ("Write to ANN@Example.com, please", True),
        ("+44 20 7946 0018", True),
        ("020 7946 0018", True),
        ("Call 0044 20 7946 0018", True),
        ("bob@example.com", False),
        ("+44 20 7946 0019", False),
        ("18", False),
        ("", False),
    ],
)
def test_person_is_recognised_in_any_field(text: str, concerns: bool) -> None:  # noqa: FBT001 - a parameter
    for fields in ({"odd": text}, {"odd": ["x", text]}):
        rejected = make_rejected(fields=fields)
        assert rejected.concerns({"ann@example.com"}, {"+442079460018"}) is concerns
