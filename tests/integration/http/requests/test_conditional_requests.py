"""``If-Match``: a change of an expected version never overwrites a concurrent change."""

from collections import Counter
from typing import Any

import pytest

from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads

AGENTS = 10


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"2"', 200),
        ('"1"', 412),
        ('"3"', 412),
        ('"02"', 412),
        ('"٢"', 412),
        ('"1", "2"', 200),
        ('"1", "3"', 412),
        ("*", 200),
        ('W/"2"', 412),
        ('W/"2", "2"', 200),
        ("garbage", 412),
        ('"', 412),
        ('""', 412),
        (",", 412),
        ("", 412),
    ],
)
def test_if_match_selects_the_version(
    agent: Client, lead: dict[str, Any], method: str, if_match: str, status: int
) -> None:
    path = f"/leads/{lead['id']}"
    agent.patch(path, {"source": "friend"})
    headers = {"If-Match": if_match.encode().decode("latin-1")}
    response = agent.request(method, path, headers, json={"state": "REACHED_OUT"})
    assert response.status == status
    shown = agent.get(path)
    assert (shown.body["state"] == "REACHED_OUT") == (status == 200)
    assert shown.headers["ETag"] == ('"3"' if status == 200 else '"2"')


def test_missing_if_match_changes_any_version(agent: Client, lead: dict[str, Any]) -> None:
    for number, name in enumerate(("Bob", "Eve", "Dan"), start=2):
        changed = agent.patch(f"/leads/{lead['id']}", {"first_name": name})
        assert (changed.status, changed.headers["ETag"]) == (200, f'"{number}"')


def test_stale_version_returns_the_current_one(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    agent.patch(path, {"source": "friend"})
    rejected = agent.patch(path, {"source": "mine"}, {"If-Match": '"1"'})
    assert rejected.status == 412
    assert rejected.body["type"] == "urn:leadtracker:problem:version-conflict"
    assert rejected.body["version"] == 2
    assert agent.patch(path, {"source": "mine"}, {"If-Match": f'"{rejected.body["version"]}"'}).status == 200


@on_sqlite
def test_no_op_change_checks_version(agent: Client, lead: dict[str, Any]) -> None:
    assert agent.patch(f"/leads/{lead['id']}", {}, {"If-Match": '"7"'}).status == 412


@on_sqlite
def test_missing_lead_matches_no_version(agent: Client) -> None:
    assert agent.patch("/leads/unknown", {"source": "x"}, {"If-Match": '"1"'}).status == 404


@on_every_database
def test_concurrent_updates_lose_nothing(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    for version in range(1, 7):

        def edit(number: int, version: int = version) -> int:
            fields = {"source": f"agent {number} in round {version}"}
            return agent.patch(path, fields, {"If-Match": f'"{version}"'}).status

        assert Counter(run_in_threads(AGENTS, edit)) == {200: 1, 412: AGENTS - 1}
    history = agent.get(f"{path}/history").body
    assert [entry["version"] for entry in history] == list(range(1, 8))
    _created, *edits = (entry["changes"] for entry in history)
    sources = ["ad", *(change["to"] for [change] in edits)]
    assert [change["from"] for [change] in edits] == sources[:-1]
    assert agent.get(path).body["source"] == sources[-1]


@on_every_database
def test_concurrent_unconditional_writes_queue(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    fields = ("first_name", "last_name", "source", "message")

    def edit(number: int) -> int:
        return agent.patch(path, {fields[number % 4]: f"agent {number}"}).status

    assert Counter(run_in_threads(AGENTS, edit)) == {200: AGENTS}
    history = agent.get(f"{path}/history").body
    assert [entry["version"] for entry in history] == list(range(1, AGENTS + 2))
    last = {change["field"]: change["to"] for entry in history for change in entry["changes"]}
    assert {name: agent.get(path).body[name] for name in fields} == {name: last[name] for name in fields}
