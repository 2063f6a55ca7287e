"""``/leads/{id}/history`` and ``/notes``: what happened to a lead, when, and who did it."""

from datetime import timedelta
from typing import Any

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock


def history(client: Client, lead: dict[str, Any]) -> list[dict[str, Any]]:
    response = client.get(f"/leads/{lead['id']}/history")
    assert response.status == 200
    entries: list[dict[str, Any]] = response.body
    return entries


def _edits() -> list[dict[str, Any]]:
    """The entries of one request that changes fields and the state: one for each kind of change."""
    about_user = {"at": "2026-11-18T12:01:00.000000Z", "actor": "user:agent with a password"}
    edit = about_user | {"note": None, "version": 2, "request_id": "r2"}
    return [
        edit
        | {
            "action": "edited",
            "changes": [
                {"field": "first_name", "from": "Ann", "to": "Zoë"},
                {"field": "source", "from": None, "to": "ad"},
            ],
        },
        edit
        | {
            "action": "state_changed",
            "changes": [{"field": "state", "from": "PENDING", "to": "REACHED_OUT"}],
        },
    ]


def expected_history(due_at: str) -> list[dict[str, Any]]:
    """The entries of a creation, an edit that moves the lead, a note and a follow-up."""
    by_key = {"actor": "api-key:agent with an API key"}
    return [
        {
            "at": "2026-11-18T12:00:00.000000Z",
            "actor": "public",
            "action": "created",
            "changes": [],
            "note": None,
            "version": 1,
            "request_id": "r1",
        },
        *_edits(),
        by_key
        | {
            "at": "2026-11-18T12:02:00.000000Z",
            "action": "note_added",
            "changes": [],
            "note": "Two\nlines",
            "version": 2,
            "request_id": "r3",
        },
        by_key
        | {
            "at": "2026-11-18T12:03:00.000000Z",
            "action": "follow_up",
            "changes": [{"field": "follow_up_at", "from": None, "to": due_at}],
            "note": "Ask",
            "version": 3,
            "request_id": "r4",
        },
    ]


@on_every_database
def test_history_covers_the_whole_lead(public: Client, accounts: Accounts, clock: MemoryClock) -> None:
    lead = public.request("POST", "/leads", {"X-Request-ID": "r1"}, json=make_fields()).body
    user = public.with_headers(accounts.credentials(Role.AGENT, Way.BASIC))
    key = public.with_headers(accounts.credentials(Role.AGENT, Way.API_KEY))
    path = f"/leads/{lead['id']}"
    clock.advance(timedelta(minutes=1))
    user.patch(path, {"state": "REACHED_OUT", "source": "ad", "first_name": "Zoë"}, {"X-Request-ID": "r2"})
    clock.advance(timedelta(minutes=1))
    key.post(f"{path}/notes", {"note": "Two\nlines"}, headers={"X-Request-ID": "r3"})
    clock.advance(timedelta(minutes=1))
    due_at = "2026-11-30T09:00:00.000000Z"
    key.post(f"{path}/follow-up", {"due_at": due_at, "note": "Ask"}, headers={"X-Request-ID": "r4"})
    entries = history(user, lead)
    assert [entry.pop("id") for entry in entries] == [1, 2, 3, 4, 5]
    assert {entry.pop("corrects") for entry in entries} == {None}
    assert entries == expected_history(due_at)


def test_entries_show_old_and_new_value(agent: Client, lead: dict[str, Any]) -> None:
    new: dict[str, Any] = make_fields("zoe@example.com", first_name="Zoë", last_name="Ç", phone="+4930901821")
    new |= {"message": None, "source": "friend"}
    changed = agent.patch(f"/leads/{lead['id']}", new)
    entry = history(agent, lead)[-1]
    assert entry["request_id"] == changed.headers["X-Request-ID"]
    changes = {change["field"]: (change["from"], change["to"]) for change in entry["changes"]}
    assert changes == {name: (lead[name], value) for name, value in new.items()}


def test_rejected_change_has_no_entry(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    agent.post("/leads", make_fields("bob@example.com"))
    for fields in ({"email": "bob@example.com"}, {"state": "CONVERTED"}, {"id": "x"}, {"duplicate_of": "x"}):
        assert agent.patch(path, fields).status in {409, 422}
    assert agent.patch(path, {"source": "x"}, {"If-Match": '"9"'}).status == 412
    assert [entry["action"] for entry in history(agent, lead)] == ["created"]


def test_note_equals_its_history_entry(agent: Client, lead: dict[str, Any]) -> None:
    noted = agent.post(f"/leads/{lead['id']}/notes", {"note": "  Called, no answer. "})
    assert (noted.status, noted.body["note"]) == (201, "Called, no answer.")
    assert history(agent, lead)[-1] == noted.body


def test_note_does_not_change_the_lead(agent: Client, lead: dict[str, Any]) -> None:
    agent.post(f"/leads/{lead['id']}/notes", {"note": "x" * 5_000})
    assert agent.get(f"/leads/{lead['id']}").body == lead


@on_every_database
def test_the_author_corrects_a_note_and_history_keeps_both_texts(
    agent: Client, lead: dict[str, Any], clock: MemoryClock
) -> None:
    path = f"/leads/{lead['id']}/notes"
    note = agent.post(path, {"note": "Caled."}).body
    clock.advance(timedelta(minutes=1))
    first = agent.patch(f"{path}/{note['id']}", {"note": "Called."})
    second = agent.patch(f"{path}/{note['id']}", {"note": "Called twice."})
    assert (first.status, second.status) == (200, 200)
    assert history(agent, lead)[1:] == [note, first.body, second.body]
    assert second.body == note | {
        "id": 4,
        "at": "2026-11-18T12:01:00.000000Z",
        "action": "note_corrected",
        "changes": [{"field": "note", "from": "Called.", "to": "Called twice."}],
        "note": "Called twice.",
        "corrects": note["id"],
        "request_id": second.headers["X-Request-ID"],
    }
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_the_same_text_again_corrects_nothing(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}/notes"
    note = agent.post(path, {"note": "Called."}).body
    assert agent.patch(f"{path}/{note['id']}", {"note": " Called. "}).body == note
    assert len(history(agent, lead)) == 2


def test_only_author_corrects_note(agent: Client, admin: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}/notes"
    note = agent.post(path, {"note": "Called."}).body
    rejected = admin.patch(f"{path}/{note['id']}", {"note": "Never called."})
    assert (rejected.status, rejected.body["type"]) == (403, "urn:leadtracker:problem:not-the-author")
    assert rejected.body["author"] == "api-key:agent with an API key"
    assert len(history(agent, lead)) == 2


def test_only_notes_can_be_corrected(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}/notes"
    note = agent.post(path, {"note": "Called."}).body["id"]
    corrected = agent.patch(f"{path}/{note}", {"note": "Wrote."}).body["id"]
    for other in (1, corrected, 99):
        rejected = agent.patch(f"{path}/{other}", {"note": "x"})
        assert (rejected.status, rejected.body["type"]) == (404, "urn:leadtracker:problem:note-not-found")
    assert fields_in(agent.patch(f"{path}/{note}", {"note": ""})) == ["note"]
    assert agent.patch(f"/leads/unknown/notes/{note}", {"note": "x"}).status == 404


@on_sqlite
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["note"]),
        ({"note": None}, ["note"]),
        ({"note": " \n"}, ["note"]),
        ({"note": "x" * 5_001}, ["note"]),
        ({"note": "a\x00b"}, ["note"]),
        ({"note": ["a"]}, ["note"]),
        ({"note": "a", "at": "2020-01-01T00:00:00Z", "actor": "user:eve"}, ["actor", "at"]),
    ],
)
def test_invalid_note_is_rejected(
    agent: Client, lead: dict[str, Any], body: dict[str, object], fields: list[str]
) -> None:
    rejected = agent.post(f"/leads/{lead['id']}/notes", body)
    assert rejected.status == 422
    assert fields_in(rejected) == fields
    assert len(history(agent, lead)) == 1


@pytest.mark.parametrize(("method", "end"), [("GET", "history"), ("POST", "notes"), ("POST", "follow-up")])
def test_unknown_lead_has_no_history(agent: Client, method: str, end: str) -> None:
    body = {"json": {"note": "x"}} if method == "POST" else {}
    rejected = agent.request(method, f"/leads/unknown/{end}", None, **body)
    assert (rejected.status, rejected.body["type"]) == (404, "urn:leadtracker:problem:lead-not-found")


def test_trailing_slash_is_accepted(agent: Client) -> None:
    path = f"/leads/{agent.post('/leads', make_fields()).body['id']}"
    assert agent.unchecked("GET", f"{path}/").status == 200
    assert agent.unchecked("GET", f"{path}/history/").status == 200
