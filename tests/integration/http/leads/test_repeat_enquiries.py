"""A known client writes again: the firm sees it on the next request, and the client sees no difference."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.use_cases.intake import capture_lead
from tests.integration.http.conftest import PHRASE, Accounts
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form, text_part
from tests.support.clients.openapi import Response
from tests.support.clients.public_form import submit_form_from_other_site
from tests.support.database import on_every_database
from tests.support.examples.sample_files import PDF
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database

WORK = "/dashboard/leads"
Write = Callable[[dict[str, object]], Response | int]


@pytest.fixture(params=["JSON", "form", "browser", "sender key"])
def write(request: pytest.FixtureRequest, app: Flask, public: Client, accounts: Accounts) -> Write:
    """Sends a lead in one of the ways that anonymous clients have."""
    browser = HtmlClient.of(app)
    ways: dict[str, Write] = {
        "JSON": lambda fields: public.post("/leads", fields),
        "form": lambda fields: public.request("POST", "/leads", data=fields),
        "browser": lambda fields: submit_form_from_other_site(browser, fields).status,
        "sender key": lambda fields: accounts.client(public, Role.SENDER).post("/leads", fields),
    }
    return ways[request.param]


@pytest.fixture
def browser(app: Flask, container: Container) -> HtmlClient:
    """A browser in which a viewer is signed in."""
    container.manage_users().add(OPERATOR, "vera", Role.VIEWER, PHRASE)
    html_client = HtmlClient.of(app)
    assert html_client.sign_in("vera", PHRASE).status == 303
    return html_client


def in_digest(container: Container, clock: MemoryClock) -> list[str]:
    """Return the ids of the leads that a digest in three days would name as untouched."""
    with container.unit_of_work().snapshot() as tx:
        return [lead.id for lead in container.read_digest()(tx, clock.now() + timedelta(days=3)).untouched]


def test_a_repeat_enquiry_is_work_until_the_person_is_contacted(
    agent: Client, write: Write, browser: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    first = agent.post("/leads", make_fields()).body
    agent.patch(f"/leads/{first['id']}", {"state": "REACHED_OUT"})
    clock.advance(timedelta(minutes=5))
    write(make_fields(message="One more question"))
    [again] = agent.get("/leads", waiting="true").body
    assert (again["message"], again["duplicate_of"]) == ("One more question", first["id"])
    assert agent.get(f"/leads/{first['id']}").body["enquiries"] == 1
    known = agent.get(f"/leads/{first['id']}/history").body[-1]
    assert (known["action"], known["note"]) == ("enquired_again", again["id"])
    pages = ("/dashboard", WORK, f"{WORK}?waiting=true", f"{WORK}?q=question", "/dashboard/board")
    assert [path for path in pages if f"{WORK}/{again['id']}" not in browser.get(path).html] == []
    assert in_digest(container, clock) == [again["id"]]

    assert agent.post(f"/leads/{first['id']}/follow-up", {}).status == 201
    assert agent.get("/leads", waiting="true").body == []
    assert agent.get(f"/leads/{again['id']}").body["state"] == "REACHED_OUT"
    assert [path for path in pages[:3] if f"{WORK}/{again['id']}" in browser.get(path).html] == []
    assert in_digest(container, clock) == []


@pytest.mark.parametrize("waiting", [0, 2])
def test_the_sender_sees_no_difference(
    agent: Client, write: Write, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_lead, "MAX_WAITING_ENQUIRIES", 2)
    agent.post("/leads", make_fields())
    for _ in range(waiting):
        write(make_fields())
    seen = []
    for address in ("ann@example.com", "new@example.com"):
        response = write(make_fields(address))
        if isinstance(response, Response):
            hidden = {"id", "email", "created_at", "updated_at"}
            shown = {name: value for name, value in response.body.items() if name not in hidden}
            seen.append((response.status, list(response.headers.keys()), shown))
        else:
            seen.append((response, [], {}))
    assert seen[0] == seen[1]


def test_surplus_enquiry_loses_nothing(
    agent: Client, public: Client, browser: HtmlClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_lead, "MAX_WAITING_ENQUIRIES", 2)
    first = agent.post("/leads", make_fields()).body["id"]
    for _ in range(2):
        public.post("/leads", make_fields())
    files = file_part(PDF), file_part(PDF, "more.pdf", "more"), text_part("budget", "5,000")
    sent = public.request("POST", "/leads", data=lead_form(*files), content_type=MULTIPART)
    [kept] = agent.get("/quarantine", reason="too_many").body
    assert (sent.status, kept["id"]) == (201, sent.body["id"])
    assert (kept["message"], kept["answers"]) == (sent.body["message"], {"budget": "5,000"})
    assert [len(agent.get("/leads", duplicates=which).body) for which in ("exclude", "only")] == [1, 2]
    assert "Quarantined, because too many were waiting: 1" in browser.get(f"{WORK}/{first}").html

    agent.post(f"/leads/{first}/follow-up", {})  # answers those that wait, and makes room
    public.post("/leads", make_fields(message="Room again"))
    assert [one["message"] for one in agent.get("/leads", waiting="true").body] == ["Room again"]
    released = agent.post(f"/quarantine/{kept['id']}/release").body
    assert (released["duplicate_of"], released["state"]) == (first, "PENDING")
    assert agent.get(f"/leads/{kept['id']}/resume").body == PDF
    [attachment] = released["attachments"]
    assert agent.get(f"/leads/{kept['id']}/attachments/{attachment['id']}").body == PDF
    assert agent.get(f"/leads/{first}").body["enquiries"] == 4


def test_erased_person_leaves_no_surplus_enquiries(
    admin: Client, public: Client, raw_db: RawDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_lead, "MAX_WAITING_ENQUIRIES", 2)
    sent = [public.post("/leads", make_fields(message=f"No {number}")).body for number in range(60)]
    assert raw_db.count("quarantine") == 57
    assert admin.request("DELETE", f"/leads/{sent[0]['id']}?duplicates=erase").status == 204
    assert (raw_db.count("leads"), raw_db.count("quarantine")) == (0, 0)
