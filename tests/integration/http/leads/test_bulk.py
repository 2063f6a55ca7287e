"""``POST /leads/bulk``: one request changes the states of many leads independently."""

from typing import Any

import pytest

from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in


@pytest.fixture
def ids(agent: Client) -> list[str]:
    """The ids of four leads: two are pending, one is converted, one is lost."""
    ids = [agent.post("/leads", make_fields(f"p{number}@example.com")).body["id"] for number in range(4)]
    for lead_id, *states in ((ids[2], "REACHED_OUT", "CONVERTED"), (ids[3], "LOST")):
        for state in states:
            agent.patch(f"/leads/{lead_id}", {"state": state})
    return ids


def change_state(client: Client, ids: list[str], state: str) -> list[dict[str, Any]]:
    response = client.post("/leads/bulk", {"ids": ids, "state": state})
    assert response.status == 200
    results: list[dict[str, Any]] = response.body["results"]
    return results


def test_results_follow_order_of_ids(agent: Client, ids: list[str]) -> None:
    chosen = [ids[3], ids[0], ids[1]]
    results = change_state(agent, chosen, "REACHED_OUT")
    assert [result["id"] for result in results] == chosen
    for result in results:
        assert (result["status"], result["problem"]) == (200, None)
        assert result["lead"] == agent.get(f"/leads/{result['id']}").body
        assert result["lead"]["state"] == "REACHED_OUT"


def test_failed_move_does_not_affect_others(agent: Client, ids: list[str]) -> None:
    changed, unknown, stuck, there = change_state(agent, [ids[0], "unknown", ids[2], ids[3]], "LOST")
    assert (changed["status"], changed["lead"]["state"]) == (200, "LOST")
    assert (unknown["status"], unknown["lead"]) == (404, None)
    assert unknown["problem"]["type"] == "urn:leadtracker:problem:lead-not-found"
    assert (stuck["status"], stuck["lead"]) == (409, None)
    assert stuck["problem"]["type"] == "urn:leadtracker:problem:illegal-transition"
    assert stuck["problem"]["allowed"] == ["REACHED_OUT"]
    assert (there["status"], there["lead"]["version"]) == (200, 2)


def test_repeated_id_counts_once(agent: Client, ids: list[str]) -> None:
    results = change_state(agent, [ids[0], ids[1], ids[0]], "LOST")
    assert [result["id"] for result in results] == ids[:2]
    assert {result["lead"]["version"] for result in results} == {2}


def test_each_move_is_in_the_history(agent: Client, ids: list[str]) -> None:
    response = agent.post("/leads/bulk", {"ids": ids[:2], "state": "LOST"})
    for lead_id in ids[:2]:
        last = agent.get(f"/leads/{lead_id}/history").body[-1]
        assert last["action"] == "state_changed"
        assert last["changes"] == [{"field": "state", "from": "PENDING", "to": "LOST"}]
        assert last["request_id"] == response.headers["X-Request-ID"]


@on_every_database
def test_200_leads_move_together(agent: Client, ids: list[str]) -> None:
    chosen = [*ids[:2], *(f"unknown-{number}" for number in range(198))]
    statuses = [result["status"] for result in change_state(agent, chosen, "LOST")]
    assert statuses == [200] * 2 + [404] * 198


@on_sqlite
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"ids": ["x"] * 201, "state": "LOST"}, ["ids"]),
        ({"ids": [], "state": "LOST"}, ["ids"]),
        ({"ids": "x", "state": "LOST"}, ["ids"]),
        ({"ids": [1], "state": "LOST"}, ["ids"]),
        ({"ids": [None, "x"], "state": "LOST"}, ["ids"]),
        ({"ids": None, "state": None}, ["ids", "state"]),
        ({"ids": ["x"], "state": "GONE"}, ["state"]),
        ({"ids": ["x"], "state": "LOST", "email": "a@example.com"}, ["email"]),
        ({}, ["ids", "state"]),
    ],
)
def test_invalid_bulk_request_changes_nothing(agent: Client, body: dict[str, Any], fields: list[str]) -> None:
    rejected = agent.post("/leads/bulk", body)
    assert rejected.status == 422
    assert fields_in(rejected) == fields


@on_sqlite
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_non_lead_item_is_rejected(admin: Client, method: str) -> None:
    response = admin.unchecked(method, "/leads/bulk")
    assert response.status == 405
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
