"""``Idempotency-Key``: what is sent twice is kept once, and answered as the first time."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import orjson
import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND
from tests.support.concurrency import in_threads
from tests.support.http import Client, fields_in
from tests.support.kinds import on_sqlite
from tests.support.memory.clock import MemoryClock
from tests.support.openapi import Response
from tests.support.raw_database import BackDoor

CLIENTS = 20
DAY = timedelta(hours=24)


def send(client: Client, key: str, **fields: object) -> Response:
    return client.post("/leads", make_fields(**fields), headers={"Idempotency-Key": key})  # type: ignore[arg-type]


@pytest.mark.parametrize("caller", ["public", "agent"])
def test_the_second_response_is_the_first(
    request: pytest.FixtureRequest, back_door: BackDoor, clock: MemoryClock, caller: str
) -> None:
    client: Client = request.getfixturevalue(caller)
    first = send(client, "k")
    clock.advance(timedelta(hours=1))
    again = send(client, "k")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [again.headers[name] for name in ("Location", "ETag")] == [
        first.headers[name] for name in ("Location", "ETag")
    ]
    assert back_door.count("leads") == 1


def test_the_response_is_replayed_though_the_lead_has_changed(agent: Client, viewer: Client) -> None:
    first = send(agent, "k")
    agent.patch(f"/leads/{first.body['id']}", {"state": "LOST"})
    assert send(agent, "k").body == first.body
    assert viewer.get(f"/leads/{first.body['id']}").body["state"] == "LOST"


def test_what_an_older_version_remembered_is_told_again(public: Client, back_door: BackDoor) -> None:
    first = send(public, "k")
    [[response]] = back_door.execute("SELECT response FROM idempotency_keys")
    known_then = {
        name: value for name, value in json.loads(response).items() if not name.startswith("resume_")
    }
    back_door.execute("UPDATE idempotency_keys SET response = ?", json.dumps(known_then))
    assert send(public, "k").body == first.body


def test_the_order_of_the_fields_does_not_matter_nor_the_format(public: Client, back_door: BackDoor) -> None:
    first = send(public, "k", source="ad")
    form = urlencode(dict(reversed(make_fields(source="ad").items())))
    again = public.request(
        "POST",
        "/leads",
        {"Idempotency-Key": "k"},
        data=form,
        content_type="application/x-www-form-urlencoded",
    )
    assert again.body == first.body
    assert back_door.count("leads") == 1


def test_the_same_key_with_another_body_is_rejected(public: Client, back_door: BackDoor) -> None:
    first = send(public, "k")
    rejected = send(public, "k", first_name="Eve")
    assert rejected.status == 422
    assert rejected.body["type"] == "urn:leadtracker:problem:idempotency-key-reused"
    assert send(public, "k").body == first.body
    assert back_door.count("leads") == 1


def test_another_caller_does_not_meet_the_key(
    public: Client, accounts: Accounts, back_door: BackDoor
) -> None:
    callers = [public] + [
        public.with_headers(accounts.credentials(role, way))
        for role, way in ((Role.AGENT, Way.BASIC), (Role.AGENT, Way.API_KEY), (Role.ADMIN, Way.BASIC))
    ]
    responses = [send(caller, "k", email=f"p{number}@example.com") for number, caller in enumerate(callers)]
    assert {response.status for response in responses} == {201}
    assert back_door.count("leads") == len(callers)


@pytest.mark.parametrize(("later", "leads"), [(DAY - MICROSECOND, 1), (DAY, 2), (DAY * 2, 2)])
def test_a_key_lives_for_a_day(
    public: Client, clock: MemoryClock, back_door: BackDoor, later: timedelta, leads: int
) -> None:
    first = send(public, "k")
    clock.advance(later)
    again = send(public, "k")
    assert (again.body["id"] == first.body["id"]) == (leads == 1)
    assert back_door.count("leads") == leads
    assert send(public, "k").body == again.body


@on_sqlite
@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_empty_or_too_long_is_rejected(public: Client, back_door: BackDoor, key: str) -> None:
    rejected = send(public, key)
    assert rejected.status == 422
    assert fields_in(rejected) == ["Idempotency-Key"]
    assert back_door.count("leads") == 0


@on_sqlite
@pytest.mark.parametrize("key", ["x", "x" * 255, "a b;c", "'; DROP TABLE leads --", "0"])
def test_any_other_key_will_do(public: Client, key: str) -> None:
    assert send(public, key).body == send(public, key).body


def test_a_rejected_request_is_not_remembered(agent: Client) -> None:
    assert send(agent, "k", email="nobody").status == 422
    first = send(agent, "k")
    assert first.status == 201
    assert send(agent, "other").status == 409
    agent.patch(f"/leads/{first.body['id']}", {"email": "new@example.com"})
    assert send(agent, "other").status == 201


def test_what_was_erased_is_not_told_again(
    public: Client, admin: Client, viewer: Client, back_door: BackDoor
) -> None:
    first = send(public, "k")
    admin.delete(f"/leads/{first.body['id']}")
    assert "ann@example.com" not in back_door.dump()
    again = send(public, "k")
    assert (again.status, again.headers.get("Idempotent-Replayed")) == (201, None)
    assert again.body["id"] != first.body["id"]
    assert [lead["id"] for lead in viewer.get("/leads").body] == [again.body["id"]]


@pytest.mark.parametrize("round_number", range(3))
@pytest.mark.parametrize("caller", ["public", "agent"])
def test_of_many_at_once_one_is_kept_and_all_are_told_of_it(
    request: pytest.FixtureRequest, back_door: BackDoor, caller: str, round_number: int
) -> None:
    client: Client = request.getfixturevalue(caller)
    responses = in_threads(CLIENTS, lambda _: send(client, f"k{round_number}"))
    assert {response.status for response in responses} == {201}
    assert len({response.body["id"] for response in responses}) == 1
    assert sum("Idempotent-Replayed" in response.headers for response in responses) == CLIENTS - 1
    assert back_door.count("leads") == 1


def test_fields_that_have_no_effect_make_no_other_request(public: Client) -> None:
    key = {"Idempotency-Key": "deep"}
    deep = orjson.dumps(make_fields(z=0)).replace(b'"z":0', b'"z":' + b"[" * 1_000 + b"]" * 1_000)
    first = public.request("POST", "/leads", key, data=deep, content_type="application/json")
    again = public.post("/leads", make_fields(z=1), headers=key)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
