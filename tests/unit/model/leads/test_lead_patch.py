"""Lead patches: the fields that can be changed, and their validation."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.lead_patch import LeadPatch
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_lead
from tests.support.clock import NOW
from tests.support.examples.strategies import anything, wild_text
from tests.support.memory.leads.phone_parser import MemoryPhoneParser

LEAD = make_lead(phone="+15551234567", message="Hi", source="ad")


def read(**raw: object) -> LeadPatch:
    return LeadPatch.read(raw, MemoryPhoneParser().to_e164)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {}),
        ({"first_name": "  Zoë "}, {"first_name": "Zoë"}),
        ({"last_name": "Li"}, {"last_name": "Li"}),
        ({"email": "X@Y.example"}, {"email": EmailAddress("X@Y.example", "x@y.example")}),
        ({"phone": None, "message": "", "source": " "}, {"phone": None, "message": None, "source": None}),
        ({"email": None, "last_name": None}, {"email": None, "last_name": None}),
        ({"message": "a\nb"}, {"message": "a\nb"}),
        ({"state": "LOST"}, {"state": LeadState.LOST}),
        ({"duplicate_of": "other"}, {"duplicate_of": "other"}),
    ],
)
def test_given_fields_replace_old_ones(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(**raw).apply(LEAD, NOW) == evolve(LEAD, **expected)


@pytest.mark.parametrize("name", ["first_name", "state"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_required_fields_cannot_be_cleared(name: str, value: object) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(**{name: value})
    assert [(error.field, error.message) for error in raised.value.errors] == [(name, "is required")]


@pytest.mark.parametrize("raw", [{"email": None, "phone": ""}, {"email": None, "phone": None}])
def test_address_and_phone_cannot_both_be_cleared(raw: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="email"):
        read(**raw).apply(LEAD, NOW)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("id", "is read-only"),
        ("version", "is read-only"),
        ("created_at", "is read-only"),
        ("updated_at", "is read-only"),
        ("resume", "is read-only"),
        ("follow_up_at", "is read-only"),
        ("hold", "is read-only"),
        ("nickname", "is not a field of a lead"),
        ("", "is not a field of a lead"),
    ],
)
def test_other_fields_are_rejected_by_name(name: str, message: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(**{name: "x"})
    assert [(error.field, error.message) for error in raised.value.errors] == [(name, message)]


def test_every_invalid_field_is_named() -> None:
    with pytest.raises(InvalidInput) as raised:
        read(first_name="x" * 101, email="unknown", state="OPEN", version=3, phone=7)
    named = [error.field for error in raised.value.errors]
    assert sorted(named) == ["email", "first_name", "phone", "state", "version"]


@given(st.dictionaries(st.sampled_from([*"abc", "email", "state", "message", "phone"]) | wild_text, anything))
def test_anything_is_either_read_or_rejected_by_field(raw: dict[str, Any]) -> None:
    try:
        patch = LeadPatch.read(raw, MemoryPhoneParser().to_e164)
    except InvalidInput as raised:
        assert {error.field for error in raised.errors} <= raw.keys()  # noqa: PT017 - either will do
    else:
        assert patch.values.keys() == raw.keys()
