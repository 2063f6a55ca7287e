"""Lead drafts: any input is a valid draft or is rejected with the names of its bad fields."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from leadtracker.domain.model.leads.inputs.field_names import field_named
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.support.builders import make_fields
from tests.support.clock import NOW, at
from tests.support.examples.strategies import anything, timestamps, wild_text
from tests.support.instruments.expected_errors import result_or_error
from tests.support.memory.leads.phone_parser import MemoryPhoneParser

FIELDS = {"first_name", "last_name", "email", "phone", "message", "source"}
IMPORTED = FIELDS | {"state", "created_at"}
LIMITS = {"first_name": 100, "last_name": 100, "phone": 40, "message": 5_000, "source": 200}

keys = st.sampled_from(sorted(IMPORTED)) | wild_text
junk = st.dictionaries(keys, anything, max_size=9)
nearly_right = st.builds(
    lambda right, wrong: {**right, **wrong},
    st.fixed_dictionaries({"first_name": wild_text, "last_name": wild_text, "email": st.emails()}),
    junk,
)


def read(raw: dict[str, Any], *, from_import: bool = False) -> LeadDraft:
    return LeadDraft.read(raw, MemoryPhoneParser().to_e164, from_import=from_import)


def rejected_fields(raw: dict[str, Any], *, from_import: bool = False) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        read(raw, from_import=from_import)
    return [error.field for error in raised.value.errors]


@given(raw=junk | nearly_right, from_import=st.booleans())
def test_any_junk_is_a_valid_draft_or_is_rejected_by_the_names_of_known_fields(
    *, raw: dict[str, Any], from_import: bool
) -> None:
    draft = result_or_error(lambda: read(raw, from_import=from_import), InvalidInput)
    if isinstance(draft, InvalidInput):
        named = [error.field for error in draft.errors]
        assert named
        assert len(set(named)) == len(named)
        assert set(named) <= (IMPORTED if from_import else FIELDS)
        assert all(error.message for error in draft.errors)
    else:
        texts = [value for name, value in draft.values.items() if name != "email"]
        assert draft.values["first_name"]
        assert draft.values["email"] or draft.values["phone"]
        assert all(text is None or (isinstance(text, str) and text == text.strip() != "") for text in texts)
        assert from_import or (draft.state, draft.created_at) == (None, None)


@given(junk)
def test_unknown_inputs_change_no_field(more: dict[str, Any]) -> None:
    unknown = {key: value for key, value in more.items() if field_named(key[:100]) is None}
    assert read({**unknown, **make_fields()}) == read(make_fields())


def test_draft_holds_the_cleaned_values() -> None:
    draft = read(
        make_fields(
            first_name="  Zoe\u0308 ",
            last_name="O'Neil\n",
            phone=" +1 (212) 555-0123 ",
            message=" Hello,\r\n\r\nworld \n",
            source="ad",
        )
    )
    assert {name: value for name, value in draft.values.items() if name != "email"} == {
        "first_name": "Zoë",
        "last_name": "O'Neil",
        "phone": "+12125550123",
        "message": "Hello,\n\nworld",
        "source": "ad",
        "lost_reason": None,
        **dict.fromkeys(field.name for field in TOUCH_FIELDS),
    }


@pytest.mark.parametrize("value", [None, "", "  \t "])
def test_name_and_address_or_phone_are_required(value: str | None) -> None:
    assert rejected_fields(make_fields() | {"first_name": value, "last_name": value}) == ["first_name"]
    assert rejected_fields(make_fields() | {"email": value}) == ["email"]
    assert rejected_fields({"email": value}) == ["first_name", "email"]


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_single_name_is_a_first_name(field: str) -> None:
    draft = read({field: "Suharto", "email": "suharto@example.com"})
    assert (draft.values["first_name"], draft.values["last_name"]) == ("Suharto", None)


def test_phone_number_is_enough_without_an_address() -> None:
    draft = read({"first_name": "Ann", "phone": "+1 212 555 0123"})
    assert (draft.values["email"], draft.values["phone"]) == (None, "+12125550123")


def test_invalid_phone_number_is_the_only_error_without_an_address() -> None:
    assert rejected_fields({"first_name": "Ann", "phone": "12"}) == ["phone"]


def test_required_fields_must_be_given() -> None:
    required = {"last_name", "phone", "resume"}
    with pytest.raises(InvalidInput) as raised:
        LeadDraft.read(make_fields() | {"last_name": ""}, MemoryPhoneParser().to_e164, required=required)
    assert [error.field for error in raised.value.errors] == ["last_name", "phone", "resume"]


@pytest.mark.parametrize(("field", "limit"), LIMITS.items())
def test_texts_may_reach_their_limits(field: str, limit: int) -> None:
    longest = ("123456" if field == "phone" else "ä").ljust(limit, "(" if field == "phone" else "ä")
    assert read(make_fields() | {field: longest}).values[field] == longest
    assert rejected_fields(make_fields() | {field: f"{longest}x"}) == [field]


def test_address_may_have_254_characters() -> None:
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com"
    assert len(longest) == 254
    assert read(make_fields(longest)).values["email"] == EmailAddress(longest, longest)
    assert rejected_fields(make_fields(f"{longest}m")) == ["email"]


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("value", ["a\0b", "a\x85b", "a\ud800b", 5, ["a"], {"a": 1}, True])
def test_fields_reject_control_and_non_text(field: str, value: object) -> None:
    assert rejected_fields(make_fields() | {field: value}) == [field]


@pytest.mark.parametrize("field", sorted(FIELDS - {"message"}))
def test_only_the_message_is_multiline(field: str) -> None:
    assert rejected_fields(make_fields() | {field: "123456\n789012"}) == [field]


def test_every_invalid_field_is_named() -> None:
    raw = dict.fromkeys(FIELDS, "\0") | {"state": "OPEN", "created_at": "today"}
    assert set(rejected_fields(raw)) == FIELDS
    assert set(rejected_fields(raw, from_import=True)) == IMPORTED


@pytest.mark.parametrize("phone", ["123", "1234567890123456", "call me", "+", "()"])
def test_phone_number_has_4_to_15_digits(phone: str) -> None:
    assert rejected_fields(make_fields(phone=phone)) == ["phone"]


@pytest.mark.parametrize("phone", ["1234", "123456789012345", "0171 / 123 45 67 ext. 8"])
def test_unrecognised_phone_is_kept(phone: str) -> None:
    assert read(make_fields(phone=phone)).values["phone"] == phone


@pytest.mark.parametrize("year", ["1899-12-31", "3000-01-01", "9999-12-27", "0001-01-03"])
def test_import_rejects_implausible_times(year: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(make_fields(created_at=f"{year}T00:00:00Z"), from_import=True)
    assert [(error.field, error.code) for error in raised.value.errors] == [
        ("created_at", "year-out-of-range")
    ]


@given(st.sampled_from(LeadState), timestamps())
def test_import_keeps_the_state(state: LeadState, created_at: datetime) -> None:
    raw = make_fields(state=f" {state} ", created_at=format_timestamp(created_at))
    lead = read(raw, from_import=True).to_lead("lead-1", NOW)
    assert (lead.state, lead.created_at, lead.updated_at) == (state, created_at, created_at)


def test_sender_cannot_set_state_time_or_id() -> None:
    forged = {"state": "CONVERTED", "created_at": "2020-01-01T00:00:00Z", "id": "x", "version": "9"}
    lead = read(make_fields() | forged).to_lead("lead-1", NOW)
    assert lead == read(make_fields()).to_lead("lead-1", NOW)
    assert (lead.id, lead.state, lead.created_at, lead.version) == ("lead-1", "PENDING", NOW, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "OPEN"),
        ("state", 1),
        ("created_at", "2026-11-18"),
        ("created_at", 1_763_467_200),
        ("created_at", "2" * 5_000),
    ],
)
def test_an_import_rejects_states_and_times_that_are_none(field: str, value: object) -> None:
    assert rejected_fields(make_fields() | {field: value}, from_import=True) == [field]


def test_import_defaults_to_a_new_lead() -> None:
    raw = make_fields(state="", created_at=None)
    lead = read(raw, from_import=True).to_lead("lead-1", NOW)
    assert (lead.state, lead.created_at) == (LeadState.PENDING, NOW)
    assert read(make_fields(created_at="2026-11-18T13:00:00+01:00"), from_import=True) == read(
        make_fields(created_at=str(at("2026-11-18T12:00:00Z"))), from_import=True
    )
