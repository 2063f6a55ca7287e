"""Owners of leads: set, clear, claim and hand over, one lead or many, and lists by owner."""

import csv
import json
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.support.builders import make_fields
from tests.support.database import on_every_database
from tests.support.http import Client, basic
from tests.support.instruments.concurrency import run_in_threads


@pytest.fixture
def ann(container: Container, public: Client) -> Client:
    return sign_in(container, public, "ann")


@pytest.fixture
def bob(container: Container, public: Client) -> Client:
    return sign_in(container, public, "bob")


def sign_in(container: Container, public: Client, name: str) -> Client:
    container.manage_users().add(OPERATOR, name, Role.AGENT, PHRASE)
    return public.with_headers(basic(name, PHRASE))


def capture(client: Client, *addresses: str) -> list[str]:
    return [client.post("/leads", make_fields(address)).body["id"] for address in addresses]


def import_leads(client: Client, number: int) -> list[str]:
    """Import leads, in one request; return their ids, in the order of the numbers in their addresses."""
    rows = [f"Ann,Lee,{one}@example.com" for one in range(number)]
    body = "\n".join(["first_name,last_name,email", *rows]).encode()
    client.post("/leads/import", data=body, content_type="text/csv")
    exported = csv.DictReader(StringIO(client.get("/leads/export").body.decode("utf-8-sig")))
    ids = {row["email"]: row["id"] for row in exported}
    return [ids[f"{one}@example.com"] for one in range(number)]


def owners(client: Client, query: str = "") -> dict[str, str | None]:
    """The owner of each listed lead, by the e-mail address before the at sign."""
    leads = client.get("/leads", **dict(parse_qsl(query))).body
    return {lead["email"].partition("@")[0]: lead["owner"] for lead in leads}


@on_every_database
@pytest.mark.usefixtures("bob")
def test_owner_is_set_handed_over_and_cleared(ann: Client, lead: dict[str, Any]) -> None:
    url = f"/leads/{lead['id']}"
    for owner in ("ann", "bob", None):
        changed = ann.patch(url, {"owner": owner})
        assert (changed.status, changed.body["owner"]) == (200, owner)
        assert ann.get(url).body["owner"] == owner
    entries = [one for one in ann.get(f"{url}/history").body if one["action"] == "owner_changed"]
    assert [(one["actor"], one["changes"]) for one in entries] == [
        ("user:ann", [{"field": "owner", "from": before, "to": after}])
        for before, after in ((None, "ann"), ("ann", "bob"), ("bob", None))
    ]


@pytest.mark.parametrize("owner", ["unknown", "carl", "api-key:website", "x" * 101, 7, "me", "ANN"])
def test_owner_must_be_an_enabled_user(
    container: Container, public: Client, ann: Client, lead: dict[str, Any], owner: object
) -> None:
    sign_in(container, public, "carl")
    container.manage_users().disable(OPERATOR, "carl")
    rejected = ann.patch(f"/leads/{lead['id']}", {"owner": owner})
    assert rejected.status == 422
    assert [error["field"] for error in rejected.body["errors"]] == ["owner"]
    assert ann.get(f"/leads/{lead['id']}").body == lead


@on_every_database
def test_one_of_two_concurrent_claims_succeeds(ann: Client, bob: Client, lead: dict[str, Any]) -> None:
    clients = [ann, bob]
    responses = run_in_threads(2, lambda number: clients[number].post(f"/leads/{lead['id']}/claim", None))
    won, lost = sorted(responses, key=lambda response: response.status)
    assert (won.status, lost.status) == (200, 409)
    assert lost.body["type"] == "urn:leadtracker:problem:already-owned"
    assert lost.body["owner"] == won.body["owner"] == ann.get(f"/leads/{lead['id']}").body["owner"]


def test_claiming_again_changes_nothing(ann: Client, lead: dict[str, Any]) -> None:
    claimed = ann.post(f"/leads/{lead['id']}/claim", None)
    again = ann.post(f"/leads/{lead['id']}/claim", None)
    assert (claimed.body["owner"], claimed.body["version"]) == ("ann", 2)
    assert (again.status, again.body) == (200, claimed.body)


def test_api_key_cannot_claim(agent: Client, lead: dict[str, Any]) -> None:
    assert agent.post(f"/leads/{lead['id']}/claim", None).status == 422


def test_viewer_cannot_claim(viewer: Client, lead: dict[str, Any]) -> None:
    assert viewer.post(f"/leads/{lead['id']}/claim", None).status == 403


def test_posted_owner_is_ignored(public: Client, ann: Client) -> None:
    for client in (public, ann):
        response = client.post("/leads", make_fields(f"{id(client)}@example.com") | {"owner": "ann"})
        assert (response.status, response.body["owner"]) == (201, None)


def test_many_leads_get_an_owner(ann: Client, agent: Client) -> None:
    ids = capture(agent, "a@example.com", "b@example.com")
    results = ann.post("/leads/bulk", {"ids": [*ids, "unknown"], "owner": "ann"}).body["results"]
    assert [result["status"] for result in results] == [200, 200, 404]
    assert owners(ann) == {"a": "ann", "b": "ann"}
    both = ann.post("/leads/bulk", {"ids": ids, "owner": None, "state": "REACHED_OUT"}).body["results"]
    assert [(one["lead"]["owner"], one["lead"]["state"]) for one in both] == [(None, "REACHED_OUT")] * 2


@pytest.mark.parametrize(
    ("change", "field"), [({"owner": "unknown"}, "owner"), ({}, "state"), ({"state": "SOLD"}, "state")]
)
def test_invalid_bulk_change_is_rejected(
    ann: Client, lead: dict[str, Any], change: dict[str, object], field: str
) -> None:
    rejected = ann.post("/leads/bulk", {"ids": [lead["id"]]} | change)
    assert (rejected.status, [one["field"] for one in rejected.body["errors"]]) == (422, [field])


@on_every_database
def test_lists_can_be_filtered_by_owner(ann: Client, bob: Client, agent: Client) -> None:
    ids = dict(zip("abcd", capture(agent, *(f"{one}@example.com" for one in "abcd")), strict=True))
    for owner, names in (("ann", "ab"), ("bob", "c")):
        ann.post("/leads/bulk", {"ids": [ids[name] for name in names], "owner": owner})
    assert owners(ann, "owner=me") == owners(bob, "owner=ann") == {"a": "ann", "b": "ann"}
    assert owners(bob, "owner=me") == {"c": "bob"}
    assert owners(ann, "owner=none") == {"d": None}
    assert owners(ann, "owner=unknown") == {}
    assert owners(ann, "owner=me&q=example") == {"a": "ann", "b": "ann"}
    assert owners(ann, "owner=none&q=example&state=PENDING") == {"d": None}
    first = ann.get("/leads", owner="me", limit=1)
    assert [lead["owner"] for lead in first.body] == ["ann"]
    assert 'rel="next"' in first.headers["Link"]


@pytest.mark.parametrize("owner", ["me", "x" * 101])
def test_invalid_owner_filter_is_rejected(agent: Client, owner: str) -> None:
    response = agent.get("/leads", owner=owner)
    assert (response.status, response.body["errors"][0]["field"]) == (422, "owner")


@on_every_database
def test_open_leads_of_a_disabled_user_become_unowned(ann: Client, bob: Client, admin: Client) -> None:
    ids = import_leads(admin, 205)
    for start in (0, 100, 200):
        ann.post("/leads/bulk", {"ids": ids[start : start + 100], "owner": "ann"})
    ann.patch(f"/leads/{ids[0]}", {"state": "REACHED_OUT"})
    ann.patch(f"/leads/{ids[1]}", {"state": "LOST"})
    ann.patch(f"/leads/{ids[2]}", {"owner": "bob"})
    assert admin.patch("/users/ann", {"disabled": True}).status == 200
    owned = [(lead["email"], lead["owner"]) for lead in bob.get("/leads", owner="ann", limit=200).body]
    assert owned == [("1@example.com", "ann")]
    assert len(bob.get("/leads", owner="none", limit=200).body) == 200
    last = bob.get(f"/leads/{ids[0]}/history").body[-1]
    assert (last["action"], last["actor"]) == ("owner_changed", "api-key:admin with an API key")


@on_every_database
@pytest.mark.parametrize("way", [("LOST", "PENDING"), ("LOST", "REACHED_OUT"), ("CONVERTED", "REACHED_OUT")])
def test_reopened_lead_of_a_disabled_user_becomes_unowned(
    ann: Client, admin: Client, lead: dict[str, Any], way: tuple[str, str]
) -> None:
    url, (closed, reopened) = f"/leads/{lead['id']}", way
    for change in ({"owner": "ann", "state": "REACHED_OUT"}, {"state": closed}):
        assert ann.patch(url, change).status == 200
    admin.patch("/users/ann", {"disabled": True})
    assert admin.patch(url, {"lost_reason": "Price"}).body["owner"] == "ann"
    assert admin.patch(url, {"state": reopened}).body["owner"] is None
    assert [one["id"] for one in admin.get("/leads", owner="none").body] == [lead["id"]]
    last = admin.get(f"{url}/history").body[-1]
    assert (last["action"], last["changes"]) == (
        "owner_changed",
        [{"field": "owner", "from": "ann", "to": None}],
    )


@on_every_database
def test_reopened_lead_stays_with_an_enabled_user(ann: Client, lead: dict[str, Any]) -> None:
    url = f"/leads/{lead['id']}"
    ann.patch(url, {"owner": "ann", "state": "LOST"})
    assert ann.patch(url, {"state": "PENDING"}).body["owner"] == "ann"


@on_every_database
def test_repeat_enquiry_goes_to_the_owner_of_its_primary_lead(
    ann: Client, public: Client, admin: Client
) -> None:
    (first,) = capture(public, "zoe@example.com")
    ann.patch(f"/leads/{first}", {"owner": "ann", "state": "LOST"})
    assert public.post("/leads", make_fields("zoe@example.com")).body["owner"] is None
    (second,) = ann.get("/leads", duplicate_of=first).body
    assert second["owner"] == "ann"
    admin.patch("/users/ann", {"disabled": True})
    (third,) = capture(public, "zoe@example.com")
    assert admin.get(f"/leads/{third}").body["owner"] is None


def test_exports_name_the_owner(ann: Client, admin: Client, lead: dict[str, Any]) -> None:
    ann.post(f"/leads/{lead['id']}/claim", None)
    assert json.loads(admin.get("/leads/export", format="ndjson").body)["owner"] == "ann"
    assert b",ann\r\n" in admin.get("/leads/export").body
