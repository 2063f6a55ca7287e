"""``If-Match``: who says which version is to be changed never overwrites what somebody else wrote."""

from collections import Counter
from typing import Any

import pytest

from tests.support.concurrency import in_threads
from tests.support.http import Client
from tests.support.kinds import on_sqlite

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
def test_only_the_version_that_is_meant_is_changed(
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


def test_without_it_any_version_is_changed(agent: Client, lead: dict[str, Any]) -> None:
    for number, name in enumerate(("Bob", "Eve", "Dan"), start=2):
        changed = agent.patch(f"/leads/{lead['id']}", {"first_name": name})
        assert (changed.status, changed.headers["ETag"]) == (200, f'"{number}"')


def test_a_stale_version_is_told_the_stored_one(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    agent.patch(path, {"source": "friend"})
    rejected = agent.patch(path, {"source": "mine"}, {"If-Match": '"1"'})
    assert rejected.status == 412
    assert rejected.body["type"] == "urn:leadtracker:problem:version-conflict"
    assert rejected.body["version"] == 2
    assert agent.patch(path, {"source": "mine"}, {"If-Match": f'"{rejected.body["version"]}"'}).status == 200


@on_sqlite
def test_even_what_would_change_nothing_must_be_meant_for_this_version(
    agent: Client, lead: dict[str, Any]
) -> None:
    assert agent.patch(f"/leads/{lead['id']}", {}, {"If-Match": '"7"'}).status == 412


@on_sqlite
def test_of_a_lead_that_is_not_there_no_version_matches(agent: Client) -> None:
    assert agent.patch("/leads/nobody", {"source": "x"}, {"If-Match": '"1"'}).status == 404


def test_many_agents_at_once_lose_no_update(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    for version in range(1, 7):

        def edit(number: int, version: int = version) -> int:
            fields = {"source": f"agent {number} in round {version}"}
            return agent.patch(path, fields, {"If-Match": f'"{version}"'}).status

        assert Counter(in_threads(AGENTS, edit)) == {200: 1, 412: AGENTS - 1}
    history = agent.get(f"{path}/history").body
    assert [entry["version"] for entry in history] == list(range(1, 8))
    _created, *edits = (entry["changes"] for entry in history)
    sources = ["ad", *(change["to"] for [change] in edits)]
    assert [change["from"] for [change] in edits] == sources[:-1]
    assert agent.get(path).body["source"] == sources[-1]


def test_many_agents_at_once_without_it_write_one_after_the_other(
    agent: Client, lead: dict[str, Any]
) -> None:
    path = f"/leads/{lead['id']}"
    fields = ("first_name", "last_name", "source", "message")

    def edit(number: int) -> int:
        return agent.patch(path, {fields[number % 4]: f"agent {number}"}).status

    assert Counter(in_threads(AGENTS, edit)) == {200: AGENTS}
    history = agent.get(f"{path}/history").body
    assert [entry["version"] for entry in history] == list(range(1, AGENTS + 2))
    last = {change["field"]: change["to"] for entry in history for change in entry["changes"]}
    assert {name: agent.get(path).body[name] for name in fields} == {name: last[name] for name in fields}
