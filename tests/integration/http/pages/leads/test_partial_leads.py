"""A lead with one name and a phone number only is shown, found and changed like any other."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient
from tests.support.clock import NOW
from tests.support.database import on_sqlite
from tests.support.http import Client

NONE = re.compile(r'Kartika None|[>"]None[<"]')
PHONE = "+6281112345678"
FIELDS = {"first_name": "Kartika", "phone": "+62 811 1234 5678"}


@pytest.fixture
def partial_lead(agent: Client) -> dict[str, Any]:
    """A lead without a last name and an e-mail address, with an overdue follow-up."""
    body: dict[str, Any] = agent.post("/leads", FIELDS).body
    due = NOW - timedelta(days=1)
    agent.post(f"/leads/{body['id']}/follow-up", {"due_at": due.isoformat(), "note": "Call."})
    return body


@on_sqlite
def test_partial_lead_is_shown_on_every_page(signed_in: SignedIn, partial_lead: dict[str, Any]) -> None:
    browser, lead_id = signed_in(Role.ADMIN), partial_lead["id"]
    for path in (
        "/dashboard",
        LEADS,
        f"{LEADS}?columns=email&columns=phone&columns=state",
        f"{LEADS}?q=kartika&sort=follow_up_at",
        "/dashboard/board",
        f"{LEADS}/{lead_id}",
        f"{LEADS}/{lead_id}/edit",
        f"{LEADS}/{lead_id}/erase",
    ):
        page = browser.get(path)
        assert page.status == 200, path
        assert "Kartika" in page.html, path
        assert not NONE.search(page.html), path


@on_sqlite
def test_partial_lead_is_null_where_it_has_nothing(
    admin: Client, viewer: Client, partial_lead: dict[str, Any]
) -> None:
    assert (partial_lead["last_name"], partial_lead["email"], partial_lead["phone"]) == (None, None, PHONE)
    [listed] = viewer.get("/leads", q="81112345678").body
    assert (listed["last_name"], listed["email"]) == (None, None)
    exported = admin.get("/leads/export", format="csv").body.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert (row["first_name"], row["last_name"], row["email"], row["phone"]) == ("Kartika", "", "", PHONE)
    assert b'"email":null' in admin.get("/leads/export", format="ndjson").body


@on_sqlite
def test_message_to_a_lead_without_address_is_an_error_and_offered_nowhere(
    agent_browser: HtmlClient, agent: Client, partial_lead: dict[str, Any]
) -> None:
    lead_id = partial_lead["id"]
    response = agent.post(f"/leads/{lead_id}/follow-up", {"message": "Hello"})
    assert (response.status, [error["field"] for error in response.body["errors"]]) == (422, ["message"])
    assert "message" not in form_of(agent_browser, lead_id, "followed-up").values


@on_sqlite
def test_address_can_be_added_and_the_only_contact_cannot_be_removed(
    agent: Client, partial_lead: dict[str, Any]
) -> None:
    path = f"/leads/{partial_lead['id']}"
    assert agent.patch(path, {"phone": None}).status == 422
    assert agent.patch(path, {"email": "kartika@example.com", "phone": None}).body["phone"] is None
    assert agent.patch(path, {"email": None}).status == 422
