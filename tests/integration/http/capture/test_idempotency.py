"""``Idempotency-Key``: a repeated request stores nothing and gets the first response again."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import orjson
import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

CLIENTS = 20
DAY = timedelta(hours=24)


def send(client: Client, key: str, **fields: object) -> Response:
    return client.post("/leads", make_fields(**fields), headers={"Idempotency-Key": key})  # type: ignore[arg-type]


@on_every_database
@pytest.mark.parametrize("caller", ["public", "agent"])
def test_replay_returns_first_response(
    request: pytest.FixtureRequest, raw_db: RawDatabase, clock: MemoryClock, caller: str
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
    assert raw_db.count("leads") == 1


def test_replay_ignores_later_changes(agent: Client, viewer: Client) -> None:
    first = send(agent, "k")
    agent.patch(f"/leads/{first.body['id']}", {"state": "LOST"})
    assert send(agent, "k").body == first.body
    assert viewer.get(f"/leads/{first.body['id']}").body["state"] == "LOST"


def test_older_version_records_are_replayed(public: Client, raw_db: RawDatabase) -> None:
    first = send(public, "k")
    [[response]] = raw_db.execute("SELECT response FROM idempotency_keys")
    known_then = {
        name: value for name, value in json.loads(response).items() if not name.startswith("resume_")
    }
    raw_db.execute("UPDATE idempotency_keys SET response = ?", json.dumps(known_then))
    assert send(public, "k").body == first.body


def test_field_order_and_format_are_ignored(public: Client, raw_db: RawDatabase) -> None:
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
    assert raw_db.count("leads") == 1


def test_the_same_key_with_another_body_is_rejected(public: Client, raw_db: RawDatabase) -> None:
    first = send(public, "k")
    rejected = send(public, "k", first_name="Eve")
    assert rejected.status == 422
    assert rejected.body["type"] == "urn:leadtracker:problem:idempotency-key-reused"
    assert send(public, "k").body == first.body
    assert raw_db.count("leads") == 1


@on_sqlite
def test_another_body_is_kept_for_users_to_see(public: Client, agent: Client) -> None:
    send(public, "k")
    send(agent, "k2", email="bob@example.com")
    for client, key in ((public, "k"), (agent, "k2")):
        assert send(client, key, email="eve@example.com", message="One more question").status == 422
    [kept] = agent.get("/quarantine", reason="invalid").body
    assert kept["fields"]["message"] == "One more question"
    assert [one["message"] for one in kept["errors"]] == [
        "was sent with the idempotency key of an earlier submission"
    ]
    released = agent.post(f"/quarantine/{kept['id']}/release", {})
    assert (released.status, released.body["email"]) == (201, "eve@example.com")


def test_keys_are_scoped_to_the_caller(public: Client, accounts: Accounts, raw_db: RawDatabase) -> None:
    callers = [public] + [
        public.with_headers(accounts.credentials(role, way))
        for role, way in ((Role.AGENT, Way.BASIC), (Role.AGENT, Way.API_KEY), (Role.ADMIN, Way.BASIC))
    ]
    responses = [send(caller, "k", email=f"p{number}@example.com") for number, caller in enumerate(callers)]
    assert {response.status for response in responses} == {201}
    assert raw_db.count("leads") == len(callers)


@on_every_database
@pytest.mark.parametrize(("later", "leads"), [(DAY - MICROSECOND, 1), (DAY, 2), (DAY * 2, 2)])
def test_key_expires_after_a_day(
    public: Client, clock: MemoryClock, raw_db: RawDatabase, later: timedelta, leads: int
) -> None:
    first = send(public, "k")
    clock.advance(later)
    again = send(public, "k")
    assert (again.body["id"] == first.body["id"]) == (leads == 1)
    assert raw_db.count("leads") == leads
    assert send(public, "k").body == again.body


@on_sqlite
@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_empty_or_too_long_is_rejected(public: Client, raw_db: RawDatabase, key: str) -> None:
    rejected = send(public, key)
    assert rejected.status == 422
    assert fields_in(rejected) == ["Idempotency-Key"]
    assert raw_db.count("leads") == 0


@on_sqlite
@pytest.mark.parametrize("key", ["x", "x" * 255, "a b;c", "'; DROP TABLE leads --", "0"])
def test_any_other_key_is_accepted(public: Client, key: str) -> None:
    assert send(public, key).body == send(public, key).body


def test_a_rejected_request_is_not_remembered(agent: Client) -> None:
    assert send(agent, "k", email="unknown").status == 422
    first = send(agent, "k")
    assert first.status == 201
    assert send(agent, "other").status == 409
    agent.patch(f"/leads/{first.body['id']}", {"email": "new@example.com"})
    assert send(agent, "other").status == 201


def test_erased_lead_is_not_replayed(
    public: Client, admin: Client, viewer: Client, raw_db: RawDatabase
) -> None:
    first = send(public, "k")
    admin.delete(f"/leads/{first.body['id']}")
    assert "ann@example.com" not in raw_db.dump()
    again = send(public, "k")
    assert (again.status, again.headers.get("Idempotent-Replayed")) == (201, None)
    assert again.body["id"] != first.body["id"]
    assert [lead["id"] for lead in viewer.get("/leads").body] == [again.body["id"]]


@on_every_database
@pytest.mark.parametrize("round_number", range(3))
@pytest.mark.parametrize("caller", ["public", "agent"])
def test_concurrent_replays_create_one_lead(
    request: pytest.FixtureRequest, raw_db: RawDatabase, caller: str, round_number: int
) -> None:
    client: Client = request.getfixturevalue(caller)
    responses = run_in_threads(CLIENTS, lambda _: send(client, f"k{round_number}"))
    assert {response.status for response in responses} == {201}
    assert len({response.body["id"] for response in responses}) == 1
    assert sum("Idempotent-Replayed" in response.headers for response in responses) == CLIENTS - 1
    assert raw_db.count("leads") == 1


def test_inputs_that_are_not_kept_do_not_differ(public: Client) -> None:
    key = {"Idempotency-Key": "deep"}
    deep = orjson.dumps(make_fields(_z=0)).replace(b'"_z":0', b'"_z":' + b"[" * 1_000 + b"]" * 1_000)
    first = public.request("POST", "/leads", key, data=deep, content_type="application/json")
    again = public.post("/leads", make_fields(_z=1), headers=key)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
