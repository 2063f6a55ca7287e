"""``PUT`` and ``PATCH /leads/{id}``: what is given is new, what is not stays, and nothing else happens."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock

LATER = "2026-11-18T12:05:00.000000Z"
NEW_VALUES = {
    "first_name": "Zoë",
    "last_name": "Çelik",
    "email": "zoe@example.com",
    "phone": "+4930901821",
    "message": "Two\nlines",
    "source": "friend",
    "state": "REACHED_OUT",
}
READ_ONLY = ("contacted_at", "created_at", "follow_up_at", "id", "resume", "updated_at", "version")


@pytest.fixture(params=["PUT", "PATCH"])
def method(request: pytest.FixtureRequest) -> str:
    """Both mean the same."""
    method: str = request.param
    return method


def change(client: Client, method: str, lead: dict[str, Any], fields: object) -> Response:
    return client.request(method, f"/leads/{lead['id']}", json=fields)


def number_of_entries(client: Client, lead: dict[str, Any]) -> int:
    return len(client.get(f"/leads/{lead['id']}/history").body)


@pytest.mark.parametrize("field", NEW_VALUES)
def test_one_field_changes_alone(
    agent: Client, clock: MemoryClock, lead: dict[str, Any], method: str, field: str
) -> None:
    clock.advance(timedelta(minutes=5))
    changed = change(agent, method, lead, {field: NEW_VALUES[field]})
    assert changed.status == 200
    assert changed.headers["ETag"] == '"2"'
    assert changed.body == lead | {field: NEW_VALUES[field], "updated_at": LATER, "version": 2}
    assert agent.get(f"/leads/{lead['id']}").body == changed.body


@on_every_database
def test_all_fields_change_together(agent: Client, lead: dict[str, Any], method: str) -> None:
    assert change(agent, method, lead, NEW_VALUES).body == lead | NEW_VALUES | {"version": 2}


def test_state_alone_can_be_changed(
    public: Client, accounts: Accounts, lead: dict[str, Any], method: str
) -> None:
    attorney = public.with_headers(accounts.credentials(Role.AGENT, Way.BASIC))
    changed = change(attorney, method, lead, {"state": "REACHED_OUT"})
    assert (changed.status, changed.body["state"]) == (200, "REACHED_OUT")


@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("field", ["last_name", "email", "phone", "message", "source"])
def test_optional_fields_can_be_cleared(
    agent: Client, lead: dict[str, Any], field: str, empty: object
) -> None:
    assert agent.patch(f"/leads/{lead['id']}", {field: empty}).body == lead | {field: None, "version": 2}


@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("field", ["first_name", "state"])
def test_required_fields_cannot_be_cleared(
    agent: Client, lead: dict[str, Any], field: str, empty: object
) -> None:
    rejected = agent.patch(f"/leads/{lead['id']}", {field: empty})
    assert rejected.status == 422
    assert rejected.body["errors"] == [{"field": field, "message": "is required"}]


@pytest.mark.parametrize("remaining", ["email", "phone"])
def test_the_only_way_to_reach_a_person_cannot_be_cleared(
    agent: Client, lead: dict[str, Any], remaining: str
) -> None:
    cleared = "phone" if remaining == "email" else "email"
    only_one = agent.patch(f"/leads/{lead['id']}", {cleared: None}).body
    rejected = agent.patch(f"/leads/{lead['id']}", {remaining: None})
    assert rejected.status == 422
    assert rejected.body["errors"] == [{"field": "email", "message": "or a phone number is required"}]
    assert agent.get(f"/leads/{lead['id']}").body == only_one


def test_empty_object_changes_nothing(agent: Client, lead: dict[str, Any], method: str) -> None:
    response = change(agent, method, lead, {})
    assert (response.status, response.headers["ETag"], response.body) == (200, '"1"', lead)
    assert number_of_entries(agent, lead) == 1


def test_equal_values_are_no_change(
    agent: Client, clock: MemoryClock, lead: dict[str, Any], method: str
) -> None:
    clock.advance(timedelta(minutes=5))
    same = {name: lead[name] for name in (*NEW_VALUES, "duplicate_of")} | {"phone": "+49 30 901820"}
    response = change(agent, method, lead, same)
    assert (response.status, response.headers["ETag"], response.body) == (200, '"1"', lead)
    assert number_of_entries(agent, lead) == 1


def test_form_equals_json(agent: Client, lead: dict[str, Any], method: str) -> None:
    data = urlencode({"first_name": "Zoë", "phone": "", "state": "LOST"})
    form = "application/x-www-form-urlencoded"
    changed = agent.request(method, f"/leads/{lead['id']}", data=data, content_type=form)
    assert changed.body == lead | {"first_name": "Zoë", "phone": None, "state": "LOST", "version": 2}


def test_unknown_and_read_only_fields_are_named(agent: Client, lead: dict[str, Any], method: str) -> None:
    rejected = change(agent, method, lead, {"colour": 1, "State": "LOST", **dict.fromkeys(READ_ONLY, "x")})
    assert rejected.status == 422
    assert fields_in(rejected) == sorted(["State", "colour", *READ_ONLY])
    messages = {error["field"]: error["message"] for error in rejected.body["errors"]}
    assert {messages.pop(name) for name in READ_ONLY} == {"is read-only"}
    assert set(messages.values()) == {"is not a field of a lead"}


@on_sqlite
@each(
    ("field", "value"),
    [
        ("first_name", "x" * 101),
        ("last_name", "a\nb"),
        ("email", "unknown"),
        ("phone", "123"),
        ("message", "x" * 5_001),
        ("source", 5),
        ("state", "OPEN"),
        ("state", ""),
        ("state", ["LOST"]),
        ("duplicate_of", 5),
        ("duplicate_of", "x" * 65),
    ],
)
def test_invalid_value_changes_nothing(
    agent: Client, lead: dict[str, Any], method: str, field: str, value: object
) -> None:
    rejected = change(agent, method, lead, {"first_name": "Zoë", field: value})
    assert rejected.status == 422
    assert fields_in(rejected) == [field]
    assert agent.get(f"/leads/{lead['id']}").body == lead


@pytest.mark.parametrize("spelling", ["bob@example.com", " BOB@Example.COM "])
def test_the_address_of_another_lead_is_rejected_with_its_url(
    agent: Client, lead: dict[str, Any], method: str, spelling: str
) -> None:
    other = agent.post("/leads", make_fields("bob@example.com"))
    rejected = change(agent, method, lead, {"first_name": "Zoë", "email": spelling})
    assert rejected.status == 409
    assert rejected.body["type"] == "urn:leadtracker:problem:duplicate-lead"
    assert rejected.body["lead"] == other.headers["Location"]
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_own_address_can_be_respelled(agent: Client, lead: dict[str, Any], method: str) -> None:
    changed = change(agent, method, lead, {"email": "Ann@EXAMPLE.com"})
    assert (changed.status, changed.body["email"], changed.body["version"]) == (200, "Ann@EXAMPLE.com", 2)


def test_released_address_can_be_taken(agent: Client, lead: dict[str, Any]) -> None:
    agent.patch(f"/leads/{lead['id']}", {"email": "new@example.com"})
    assert agent.post("/leads", make_fields("ann@example.com")).status == 201


@pytest.mark.parametrize("lead_id", ["unknown", "0" * 32])
def test_missing_lead_cannot_be_changed(agent: Client, method: str, lead_id: str) -> None:
    rejected = agent.request(method, f"/leads/{lead_id}", json={"state": "LOST"})
    assert (rejected.status, rejected.body["type"]) == (404, "urn:leadtracker:problem:lead-not-found")


@on_sqlite
@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"state=LOST", "text/plain", 415),
        (b'{"message": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
def test_body_that_is_none_is_rejected(
    agent: Client, lead: dict[str, Any], method: str, data: bytes, content_type: str, status: int
) -> None:
    path = f"/leads/{lead['id']}"
    assert agent.request(method, path, data=data, content_type=content_type).status == status
