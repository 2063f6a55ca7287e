"""``DELETE /leads/{id}`` and ``/export``: personal data exports are complete; erasure removes everything."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NO_TOUCH, make_fields
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

SECRETS = ("ann@example.com", "Ann", "Lee", "+4930901820", "Please call.", "Very private", "Dear Ann")


@pytest.fixture
def known(agent: Client, clock: MemoryClock, lead: dict[str, Any]) -> dict[str, Any]:
    """A lead about whom much is known."""
    path = f"/leads/{lead['id']}"
    agent.patch(path, {"state": "REACHED_OUT", "first_name": "Annabel"})
    note = agent.post(f"{path}/notes", {"note": "Very private"}).body["id"]
    agent.patch(f"{path}/notes/{note}", {"note": "Very private, corrected"})
    agent.post(f"{path}/follow-up", {"message": "Dear Ann"})
    clock.advance(timedelta(minutes=1))
    agent.post(f"{path}/follow-up", {"due_at": "2026-11-30T09:00:00Z", "note": "Very private"})
    body: dict[str, Any] = agent.get(path).body
    return body


def erase(admin: Client, lead_id: str, **query: str) -> None:
    response = admin.delete(f"/leads/{lead_id}", **query)
    assert (response.status, response.body) == (204, b"")


def capture(public: Client, clock: MemoryClock, number: int) -> list[str]:
    """The ids of leads of one address: the first one and its duplicates."""
    ids = []
    for _ in range(number):
        ids.append(public.post("/leads", make_fields()).body["id"])
        clock.advance(MICROSECOND)
    return ids


def primary_of(client: Client, lead_id: str) -> Any:
    return client.get(f"/leads/{lead_id}").body["duplicate_of"]


@on_every_database
def test_erased_lead_is_gone_everywhere(admin: Client, known: dict[str, Any]) -> None:
    path = f"/leads/{known['id']}"
    erase(admin, known["id"])
    assert admin.get(path).status == admin.delete(path).status == 404
    assert admin.patch(path, {"state": "LOST"}).status == 404
    assert admin.get(f"{path}/export").status == admin.post(f"{path}/notes", {"note": "x"}).status == 404
    assert admin.post(f"{path}/follow-up").status == 404
    for listing in ("/leads", "/follow-ups"):
        assert admin.get(listing).body == []
    assert admin.get("/follow-ups", status="done").body == []
    assert admin.get("/leads", q="ann", duplicates="include").body == []
    assert admin.get("/stats").body["funnel"]["captured"] == 0


def test_remaining_history_is_redacted(admin: Client, known: dict[str, Any]) -> None:
    before = admin.get(f"/leads/{known['id']}/history").body
    erase(admin, known["id"])
    *redacted, last = admin.get(f"/leads/{known['id']}/history").body
    assert (last["action"], last["changes"], last["note"]) == ("erased", [], None)
    assert last["actor"] == "api-key:admin with an API key"
    for was, entry in zip(before, redacted, strict=True):
        states = [change for change in was["changes"] if change["field"] == "state"]
        assert entry == was | {"note": None, "changes": states, "request_id": None}


@on_every_database
def test_no_personal_data_remains(admin: Client, raw_db: RawDatabase, known: dict[str, Any]) -> None:
    assert all(secret in raw_db.dump() for secret in SECRETS)
    erase(admin, known["id"])
    stored = raw_db.dump()
    assert [secret for secret in SECRETS if secret in stored] == []


def test_address_is_free_again(admin: Client, known: dict[str, Any]) -> None:
    erase(admin, known["id"])
    assert admin.post("/leads", make_fields()).status == 201


def test_sealed_number_is_unchanged(admin: Client, raw_db: RawDatabase, lead: dict[str, Any]) -> None:
    raw_db.execute("UPDATE leads SET created_at = ?", "2026-11-10T10:00:00.000000Z")
    assert admin.post("/reports/weekly/2026-W46/send").body["number_of_leads"] == 1
    erase(admin, lead["id"])
    assert admin.get("/reports/weekly/2026-W46").body["number_of_leads"] == 1


@on_every_database
def test_oldest_duplicate_becomes_primary(public: Client, admin: Client, clock: MemoryClock) -> None:
    first, second, third = capture(public, clock, 3)
    erase(admin, first)
    assert [lead["id"] for lead in admin.get("/leads").body] == [second]
    assert (primary_of(admin, second), primary_of(admin, third)) == (None, second)
    last = admin.get(f"/leads/{second}/history").body[-1]
    assert last["action"] == "duplicate_unlinked"
    assert primary_of(admin, public.post("/leads", make_fields()).body["id"]) == second


def test_other_addresses_become_primary_leads(public: Client, admin: Client, clock: MemoryClock) -> None:
    first, second = capture(public, clock, 2)
    other = admin.post("/leads", make_fields("other@example.com")).body["id"]
    admin.patch(f"/leads/{other}", {"duplicate_of": first})
    erase(admin, first, duplicates="keep")
    assert {lead["id"] for lead in admin.get("/leads").body} == {second, other}


def test_an_erased_duplicate_leaves_the_primary_lead_alone(
    public: Client, admin: Client, clock: MemoryClock
) -> None:
    first, second, third = capture(public, clock, 3)
    before = admin.get(f"/leads/{first}").body
    erase(admin, second)
    assert admin.get(f"/leads/{first}").body == before | {"enquiries": 1}
    assert primary_of(admin, third) == first


def test_duplicates_can_be_erased_too(
    public: Client, admin: Client, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    ids = capture(public, clock, 4)
    other = admin.post("/leads", make_fields("other@example.com")).body
    erase(admin, ids[0], duplicates="erase")
    assert {admin.get(f"/leads/{lead_id}").status for lead_id in ids} == {404}
    assert admin.get("/leads", duplicates="include").body == [other]
    assert {admin.get(f"/leads/{lead_id}/history").body[-1]["action"] for lead_id in ids} == {"erased"}
    assert "ann@example.com" not in raw_db.dump()


@on_sqlite
@pytest.mark.parametrize("query", [{"duplicates": "all"}, {"duplicates": ["keep", "erase"]}, {"force": "1"}])
def test_invalid_parameter_erases_nothing(admin: Client, lead: dict[str, Any], query: dict[str, Any]) -> None:
    rejected = admin.delete(f"/leads/{lead['id']}", **query)
    assert (rejected.status, fields_in(rejected)) == (422, list(query))
    assert admin.get(f"/leads/{lead['id']}").status == 200


class TestExport:
    def test_export_contains_all_personal_data(
        self, public: Client, admin: Client, known: dict[str, Any]
    ) -> None:
        duplicate = public.post("/leads", make_fields(message="Again")).body["id"]
        exported = admin.get(f"/leads/{known['id']}/export")
        assert exported.status == 200
        assert exported.body["exported_at"] == "2026-11-18T12:01:00.000000Z"
        assert exported.body["lead"] == known | {"enquiries": 1, "last_touch": NO_TOUCH}
        assert exported.body["history"] == admin.get(f"/leads/{known['id']}/history").body
        assert [(one["note"], one["message"]) for one in exported.body["follow_ups"]] == [
            (None, "Dear Ann"),
            ("Very private", None),
        ]
        [other] = exported.body["duplicates"]
        assert other["lead"] == admin.get(f"/leads/{duplicate}").body
        assert [entry["action"] for entry in other["history"]] == ["created"]
        assert other["follow_ups"] == []

    def test_export_contains_no_other_person(self, admin: Client, known: dict[str, Any]) -> None:
        other = admin.post("/leads", make_fields("other@example.com")).body
        assert other["id"] not in str(admin.get(f"/leads/{known['id']}/export").body)
        assert admin.get(f"/leads/{other['id']}/export").body["duplicates"] == []


def test_stale_version_erases_nothing(agent: Client, admin: Client) -> None:
    lead = agent.post("/leads", make_fields()).body
    path = f"/leads/{lead['id']}"
    assert admin.request("DELETE", path, {"If-Match": '"2"'}).status == 412
    assert admin.get(path).body == lead
    assert admin.request("DELETE", path, {"If-Match": '"1"'}).status == 204


def test_the_versions_of_a_redacted_history_have_no_gap(agent: Client, admin: Client) -> None:
    path = f"/leads/{agent.post('/leads', make_fields()).body['id']}"
    agent.patch(path, {"source": "ad"})
    admin.delete(path)
    assert [entry["version"] for entry in admin.get(f"{path}/history").body] == [1, 2, 3]
