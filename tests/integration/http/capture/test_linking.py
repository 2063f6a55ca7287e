"""Linking duplicates by hand: who belongs together, who comes along, and what is counted."""

from typing import Any

import pytest

from tests.support.builders import make_fields
from tests.support.database import on_every_database
from tests.support.http import Client, fields_in


@pytest.fixture
def ids(agent: Client) -> list[str]:
    """The ids of four leads with different addresses."""
    return [agent.post("/leads", make_fields(f"p{number}@example.com")).body["id"] for number in range(4)]


def link(client: Client, lead_id: str, first: str | None, **fields: object) -> int:
    return client.patch(f"/leads/{lead_id}", {"duplicate_of": first, **fields}).status


def primary_of(client: Client, lead_id: str) -> Any:
    return client.get(f"/leads/{lead_id}").body["duplicate_of"]


def listed(client: Client, **query: object) -> set[str]:
    return {lead["id"] for lead in client.get("/leads", **query).body}


def test_linked_lead_names_its_primary(agent: Client, ids: list[str]) -> None:
    assert link(agent, ids[1], ids[0]) == 200
    assert primary_of(agent, ids[1]) == ids[0]
    last = agent.get(f"/leads/{ids[1]}/history").body[-1]
    assert last["action"] == "duplicate_linked"
    assert last["changes"] == [{"field": "duplicate_of", "from": None, "to": ids[0]}]


@on_every_database
def test_listings_and_counts_follow_links(agent: Client, ids: list[str]) -> None:
    link(agent, ids[1], ids[0])
    link(agent, ids[2], ids[0])
    assert listed(agent) == {ids[0], ids[3]}
    assert listed(agent, duplicates="only") == {ids[1], ids[2]}
    assert listed(agent, duplicates="include") == set(ids)
    assert listed(agent, duplicate_of=ids[0]) == {ids[1], ids[2]}
    assert listed(agent, duplicate_of=ids[0], duplicates="exclude") == set()
    assert listed(agent, duplicate_of=ids[3]) == listed(agent, duplicate_of="unknown") == set()
    assert agent.get("/stats").body["by_state"]["PENDING"] == 2
    link(agent, ids[1], None)
    assert listed(agent) == {ids[0], ids[1], ids[3]}
    assert agent.get("/stats").body["by_state"]["PENDING"] == 3


def test_unlinked_lead_is_counted(admin: Client, ids: list[str], raw_db: Any) -> None:
    raw_db.execute("UPDATE leads SET created_at = ?", "2026-11-10T10:00:00.000000Z")
    link(admin, ids[1], ids[0])
    assert admin.post("/reports/weekly/2026-W46/send").body["number_of_leads"] == 3


@pytest.mark.parametrize("target", ["itself", "unknown", "a duplicate"])
def test_invalid_primary_lead_is_rejected(agent: Client, ids: list[str], target: str) -> None:
    link(agent, ids[3], ids[2])
    first = {"itself": ids[0], "unknown": "unknown", "a duplicate": ids[3]}[target]
    rejected = agent.patch(f"/leads/{ids[0]}", {"duplicate_of": first})
    assert rejected.status == 422
    assert fields_in(rejected) == ["duplicate_of"]
    assert primary_of(agent, ids[0]) is None


def test_a_primary_lead_takes_its_duplicates_along(agent: Client, ids: list[str]) -> None:
    for duplicate in ids[:2]:
        link(agent, duplicate, ids[2])
    assert link(agent, ids[2], ids[3]) == 200
    assert {primary_of(agent, lead_id) for lead_id in ids[:3]} == {ids[3]}
    for lead_id in ids[:2]:
        last = agent.get(f"/leads/{lead_id}/history").body[-1]
        assert last["changes"] == [{"field": "duplicate_of", "from": ids[2], "to": ids[3]}]
        assert last["version"] == agent.get(f"/leads/{lead_id}").body["version"] == 3


def test_links_cannot_be_circular(agent: Client, ids: list[str]) -> None:
    link(agent, ids[0], ids[1])
    assert link(agent, ids[1], ids[0]) == 422


def test_relinking_to_same_primary_is_no_change(agent: Client, ids: list[str]) -> None:
    link(agent, ids[1], ids[0])
    before = agent.get(f"/leads/{ids[1]}").body
    assert link(agent, ids[1], ids[0]) == 200
    assert agent.get(f"/leads/{ids[1]}").body == before


def test_linked_address_is_free(agent: Client, ids: list[str]) -> None:
    link(agent, ids[1], ids[0])
    new = agent.post("/leads", make_fields("p1@example.com"))
    assert new.status == 201
    rejected = agent.patch(f"/leads/{ids[1]}", {"duplicate_of": None})
    assert rejected.status == 409
    assert rejected.body["lead"] == new.headers["Location"]
    assert primary_of(agent, ids[1]) == ids[0]


def test_unlinking_needs_a_new_address(public: Client, agent: Client) -> None:
    first, second = [public.post("/leads", make_fields()).body["id"] for _ in range(2)]
    assert link(agent, second, None) == 409
    assert link(agent, second, None, email="new@example.com") == 200
    assert listed(agent) == {first, second}
    last = agent.get(f"/leads/{second}/history").body[-2:]
    assert [entry["action"] for entry in last] == ["edited", "duplicate_unlinked"]
    assert {entry["version"] for entry in last} == {2}


def test_a_duplicate_may_share_the_address_of_its_own_primary_lead_only(
    agent: Client, ids: list[str]
) -> None:
    link(agent, ids[1], ids[0])
    path = f"/leads/{ids[1]}"
    assert agent.patch(path, {"email": "p2@example.com"}).status == 409
    assert agent.patch(path, {"email": "p0@example.com"}).status == 200
    assert agent.patch(path, {"email": "own@example.com"}).status == 200


def test_later_submissions_link_to_the_primary(public: Client, agent: Client, ids: list[str]) -> None:
    link(agent, ids[0], ids[1])
    again = public.post("/leads", make_fields("p1@example.com")).body
    assert again["duplicate_of"] is None
    assert primary_of(agent, again["id"]) == ids[1]
