"""Follow-ups: what is to be done about a lead, what is overdue, and what was done."""

from datetime import timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from leadtracker.container import Container
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.requests.test_paging import next_path
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock

NOW_TEXT = "2026-11-18T12:00:00.000000Z"
DUE = "2026-11-30T09:00:00.000000Z"
KEY = "api-key:agent with an API key"
COMBINATIONS = list(product((None, DUE), (None, "Ask again."), (None, "Hello.")))


def follow_up(client: Client, lead_id: str, **fields: object) -> Response:
    response = client.post(f"/leads/{lead_id}/follow-up", fields)
    assert response.status == 201
    return response


def listed(client: Client, **query: object) -> list[dict[str, Any]]:
    response = client.get("/follow-ups", **query)
    assert response.status == 200
    found: list[dict[str, Any]] = response.body
    return found


@pytest.mark.parametrize(("due_at", "note", "message"), COMBINATIONS)
def test_follow_up_combinations_are_recorded(
    agent: Client, lead: dict[str, Any], due_at: str | None, note: str | None, message: str | None
) -> None:
    given = {"due_at": due_at, "note": note, "message": message}
    response = follow_up(agent, lead["id"], **given)
    about = {"lead_id": lead["id"], "created_at": NOW_TEXT, "created_by": KEY, "id": response.body["id"]}
    done_at = None if due_at else NOW_TEXT
    shown = None if due_at else message
    assert response.body == about | given | {"message": shown, "done_at": done_at}
    assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == due_at
    assert [one["id"] for one in listed(agent)] == ([response.body["id"]] if due_at else [])
    done = listed(agent, status="done")
    assert [one["message"] for one in done] == ([message] if message or not due_at else [])
    _, last, *rest = agent.get(f"/leads/{lead['id']}/history").body
    is_contact = message or not due_at
    assert [one["action"] for one in rest] == (["state_changed"] if is_contact else [])
    assert (last["action"], last["actor"]) == ("follow_up", KEY)
    assert last["note"] == ("\n\n".join(text for text in (note, message) if text) or None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": b""},
        {"data": b"", "content_type": "text/plain"},
        {"data": b"{}", "content_type": "application/json"},
        {"data": b"", "content_type": "application/x-www-form-urlencoded"},
    ],
)
def test_missing_body_records_one_done_now(agent: Client, lead: dict[str, Any], body: dict[str, Any]) -> None:
    response = agent.request("POST", f"/leads/{lead['id']}/follow-up", **body)
    assert response.status == 201
    assert (response.body["due_at"], response.body["done_at"]) == (None, NOW_TEXT)
    changed = {"state": "REACHED_OUT", "version": 2, "updated_at": NOW_TEXT}
    assert agent.get(f"/leads/{lead['id']}").body == lead | changed


@on_sqlite
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"due_at": "tomorrow"}, ["due_at"]),
        ({"due_at": "2026-11-30"}, ["due_at"]),
        ({"due_at": "2026-11-30T09:00:00"}, ["due_at"]),
        ({"due_at": "9999-12-31T23:59:59.999999Z"}, ["due_at"]),
        ({"due_at": 5}, ["due_at"]),
        ({"note": "x" * 5_001, "message": ["x"]}, ["message", "note"]),
        ({"note": "a\x00b"}, ["note"]),
        ({"when": "now", "done_at": DUE}, ["done_at", "when"]),
    ],
)
def test_invalid_fields_record_nothing(
    agent: Client, lead: dict[str, Any], body: dict[str, object], fields: list[str]
) -> None:
    rejected = agent.post(f"/leads/{lead['id']}/follow-up", body)
    assert rejected.status == 422
    assert fields_in(rejected) == fields
    assert listed(agent) == listed(agent, status="done") == []


def test_lead_has_one_open_follow_up(agent: Client, lead: dict[str, Any]) -> None:
    first = follow_up(agent, lead["id"], due_at=DUE, note="First").body
    second = follow_up(agent, lead["id"], due_at="2026-12-01T09:00:00+02:00").body
    assert second["id"] != first["id"]
    assert second["due_at"] == "2026-12-01T07:00:00.000000Z"
    assert listed(agent) == [second]
    assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == second["due_at"]
    last = agent.get(f"/leads/{lead['id']}/history").body[-1]
    assert last["changes"] == [{"field": "follow_up_at", "from": DUE, "to": second["due_at"]}]


def test_done_completes_the_planned_one(agent: Client, clock: MemoryClock, lead: dict[str, Any]) -> None:
    planned = follow_up(agent, lead["id"], due_at=DUE, note="Ask").body
    clock.advance(timedelta(days=1))
    done = follow_up(agent, lead["id"], message="Hello.").body
    assert done == planned | {"message": "Hello.", "done_at": "2026-11-19T12:00:00.000000Z"}
    assert (listed(agent), listed(agent, status="done")) == ([], [done])
    assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] is None


def test_done_and_next_fit_in_one_request(agent: Client, lead: dict[str, Any]) -> None:
    first = follow_up(agent, lead["id"], due_at=DUE, note="First").body
    second = follow_up(agent, lead["id"], due_at="2026-12-24T09:00:00Z", message="Hi.", note="Second").body
    assert [one["id"] for one in listed(agent)] == [second["id"]]
    [done] = listed(agent, status="done")
    assert (done["id"], done["note"], done["message"]) == (first["id"], "First", "Hi.")
    assert (second["note"], second["message"]) == ("Second", None)


class TestStatus:
    """The business is in New York, where it is seven in the morning; its day ends at five in UTC."""

    DUE_AT = (
        ("yesterday", "2026-11-17T20:00:00Z"),
        ("midnight", "2026-11-18T05:00:00Z"),
        ("just now", "2026-11-18T12:00:00Z"),
        ("tonight", "2026-11-19T04:59:59.999999Z"),
        ("tomorrow", "2026-11-19T05:00:00Z"),
    )

    @pytest.fixture
    def container(self, make_container: MakeContainer) -> Container:
        return make_container(timezone=ZoneInfo("America/New_York"))

    @pytest.fixture(autouse=True)
    def planned(self, app: Flask, agent: Client) -> None:  # noqa: ARG002 - the zone's application
        for number, (name, due_at) in enumerate(self.DUE_AT):
            fields = make_fields(f"p{number}@example.com", first_name=name)
            follow_up(agent, agent.post("/leads", fields).body["id"], due_at=due_at, note=name)
        agent.post("/leads", make_fields("none@example.com", first_name="nothing"))

    @pytest.mark.parametrize(
        ("status", "hours", "names"),
        [
            (None, 0, ["yesterday", "midnight", "just now", "tonight", "tomorrow"]),
            ("overdue", 0, ["yesterday", "midnight"]),
            ("due", 0, ["midnight", "just now", "tonight"]),
            ("planned", 0, ["just now", "tonight", "tomorrow"]),
            ("done", 0, []),
            ("overdue", 1, ["yesterday", "midnight", "just now"]),
            ("planned", 1, ["tonight", "tomorrow"]),
            ("due", 17, ["tomorrow"]),
            ("overdue", 17, ["yesterday", "midnight", "just now", "tonight"]),
            ("overdue", 18, ["yesterday", "midnight", "just now", "tonight", "tomorrow"]),
        ],
    )
    def test_due_days_use_the_business_time_zone(
        self, agent: Client, clock: MemoryClock, status: str | None, hours: int, names: list[str]
    ) -> None:
        clock.advance(timedelta(hours=hours))
        query = {"status": status} if status else {}
        assert [one["note"] for one in listed(agent, **query)] == names
        if status in {"overdue", "due"}:
            leads = agent.get("/leads", follow_up=status, sort="follow_up_at").body
            assert [lead["first_name"] for lead in leads] == names

    def test_leads_without_follow_up_come_last(self, agent: Client) -> None:
        without = agent.get("/leads", follow_up="none").body
        assert [lead["first_name"] for lead in without] == ["nothing"]
        in_order = [lead["first_name"] for lead in agent.get("/leads", sort="follow_up_at").body]
        assert in_order == [*(name for name, _ in self.DUE_AT), "nothing"]

    @pytest.mark.parametrize("status", [None, "done"])
    def test_pages_are_linked(self, agent: Client, clock: MemoryClock, status: str | None) -> None:
        if status == "done":
            for lead in agent.get("/leads", sort="created_at").body:
                clock.advance(timedelta(minutes=1))
                follow_up(agent, lead["id"])
        query = {"status": status} if status else {}
        whole = listed(agent, **query)
        response = agent.get("/follow-ups", limit=2, **query)
        read = response.body
        while path := next_path(response):
            response = agent.request("GET", path)
            read += response.body
        assert read == whole
        assert len(whole) == (6 if status else 5)
        times = [one["done_at" if status else "due_at"] for one in whole]
        assert times == sorted(times, reverse=status == "done")

    @pytest.mark.parametrize("name", ["status", "limit", "cursor", "colour"])
    def test_invalid_parameter_is_named(self, agent: Client, name: str) -> None:
        rejected = agent.get("/follow-ups", **{name: "?"})
        assert (rejected.status, fields_in(rejected)) == (422, [name])


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_empty_chunks_are_no_body(agent: Client, headers: dict[str, str]) -> None:
    lead_id = agent.post("/leads", make_fields()).body["id"]
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    response = agent.request("POST", f"/leads/{lead_id}/follow-up", headers, environ_overrides=environ)
    assert response.status == 201
