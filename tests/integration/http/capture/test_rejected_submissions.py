"""Rejected public submissions: kept in quarantine, corrected by agents, and erased with the person."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART
from tests.support.clients.public_form import FILL_IN_SECONDS
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

pytestmark = on_sqlite
FORM = "application/x-www-form-urlencoded"
WRONG = {"first_name": "Ann", "email": "ann@", "phone": "12", "budget": "5000"}
BODIES = {
    "missing name": ({"json": {"email": "ann@example.com"}}, 422),
    "wrong address": ({"json": WRONG}, 422),
    "no object": ({"json": ["ann"]}, 422),
    "broken JSON": ({"data": b'{"first_name": "Ann', "content_type": "application/json"}, 400),
    "random bytes as JSON": ({"data": bytes(range(256)), "content_type": "application/json"}, 400),
    "random bytes as a form": ({"data": b"\x81\x8d=\x8f\x90&", "content_type": FORM}, None),
    "broken parts": ({"data": b"--x\r\nnothing", "content_type": f"{MULTIPART}; boundary=x"}, 400),
    "unknown charset": ({"data": b"{}", "content_type": "application/json; charset=klingon"}, 415),
}


@pytest.mark.parametrize(("sent", "status"), BODIES.values(), ids=BODIES.keys())
def test_rejected_submission_is_kept_once(
    public: Client, agent: Client, sent: dict[str, Any], status: int | None
) -> None:
    first, again = (public.request("POST", "/leads", **sent) for _ in range(2))
    assert first.status == again.status
    assert first.status == status or (status is None and 400 <= first.status < 500)
    [kept] = agent.get("/quarantine").body
    assert kept["reason"] == "invalid"
    assert kept["errors"]


def test_rejected_submission_has_its_inputs_and_errors(public: Client, agent: Client) -> None:
    rejected = public.post("/leads", WRONG)
    [kept] = agent.get("/quarantine", reason="invalid").body
    assert kept["fields"] == WRONG
    assert kept["errors"] == rejected.body["errors"]
    assert agent.get("/quarantine", reason="honeypot").body == []
    assert agent.get("/quarantine", reason="other").status == 422


def test_submissions_of_users_are_not_kept(agent: Client) -> None:
    assert agent.post("/leads", WRONG).status == 422
    assert agent.get("/quarantine").body == []


def test_corrected_submission_becomes_a_lead(public: Client, agent: Client) -> None:
    public.post("/leads", WRONG)
    [kept] = agent.get("/quarantine").body
    path = f"/quarantine/{kept['id']}/release"
    still = agent.post(path, {"email": "ann@example.com"})
    assert (still.status, [one["field"] for one in still.body["errors"]]) == (422, ["phone"])
    released = agent.post(path, {"email": "ann@example.com", "phone": None})
    assert released.status == 201
    assert released.headers["Location"].endswith(f"/leads/{released.body['id']}")
    assert (released.body["first_name"], released.body["created_at"]) == ("Ann", kept["received_at"])
    assert agent.get("/quarantine").body == []
    actions = [one["action"] for one in agent.get(f"/leads/{released.body['id']}/history").body]
    assert actions == ["created", "released"]
    assert agent.post(path, {}).status == 404


def test_rejected_submission_can_be_discarded(public: Client, agent: Client) -> None:
    public.post("/leads", WRONG)
    [kept] = agent.get("/quarantine").body
    assert agent.request("DELETE", f"/quarantine/{kept['id']}").status == 204
    assert agent.get("/quarantine").body == []


def test_one_client_fills_at_most_its_share(public: Client, agent: Client) -> None:
    for number in range(25):
        assert public.post("/leads", WRONG | {"budget": str(number)}).status == 422
    assert len(agent.get("/quarantine").body) == 20


def test_accepted_form_removes_what_was_rejected_of_it(
    app: Flask, public: Client, agent: Client, clock: MemoryClock
) -> None:
    pages = HtmlClient.of(app)
    token, other = (pages.get("/").form("/leads").values["form_token"] for _ in range(2))
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    for number, given in enumerate((token, token, other)):
        assert public.post("/leads", WRONG | {"budget": str(number), "form_token": given}).status == 422
    assert public.post("/leads", make_fields(form_token=token)).status == 201
    assert [one["fields"]["budget"] for one in agent.get("/quarantine").body] == ["2"]


def test_both_kinds_are_listed_page_by_page(public: Client, agent: Client) -> None:
    for number in range(3):
        public.post("/leads", WRONG | {"budget": str(number)})
        public.post("/leads", make_fields(f"spam{number}@example.com", leave_this_empty="x"))
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = agent.get("/quarantine", limit=2, **query)
        seen += [one["reason"] for one in page.body]
        link = re.search(r"cursor=([^&>]+)", page.headers.get("Link", ""))
        if link is None:
            break
        query = {"cursor": unquote(link[1])}
    assert sorted(seen) == ["honeypot"] * 3 + ["invalid"] * 3


def test_erasing_a_person_removes_their_rejected_submissions(
    public: Client, agent: Client, admin: Client
) -> None:
    lead = public.post("/leads", make_fields("ann@example.com", phone="+442079460018")).body
    public.post("/leads", {"email": "Ann@Example.com"})
    public.post("/leads", {"mobile": "020 7946 0018"})
    public.post("/leads", {"email": "bob@example.com"})
    exported = admin.get(f"/leads/{lead['id']}/export").body["quarantine"]
    assert [one["reason"] for one in exported] == ["invalid", "invalid"]
    assert admin.request("DELETE", f"/leads/{lead['id']}").status == 204
    assert [one["fields"] for one in agent.get("/quarantine").body] == [{"email": "bob@example.com"}]
