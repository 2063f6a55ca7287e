"""Personal data export and erasure on the pages."""

import json

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import Form, HtmlClient
from tests.support.http import Client


@pytest.fixture
def boss(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in."""
    return signed_in(Role.ADMIN)


def question(html_client: HtmlClient, lead_id: str) -> Form:
    """Load the form that erases a lead."""
    path = f"{LEADS}/{lead_id}/erase"
    return html_client.get(path).form(path)


def test_personal_data_can_be_downloaded(boss: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead(message="Please call.")
    page = boss.get(f"{LEADS}/{lead['id']}/export")
    assert page.response.headers["Content-Disposition"].startswith("attachment")
    assert "Please call." in json.dumps(json.loads(page.html))


def test_erasure_asks_for_confirmation(boss: HtmlClient, admin: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    sent = boss.submit(question(boss, lead["id"]))
    assert (sent.status, sent.location) == (303, LEADS)
    assert "The lead was erased." in boss.get(LEADS).html
    assert admin.get(f"/leads/{lead['id']}").status == 404
    assert boss.get(f"{LEADS}/{lead['id']}").status == 404


@pytest.mark.parametrize(("choice", "left"), [("keep", ["Ann Again"]), ("erase", [])])
def test_duplicates_are_kept_or_erased(
    boss: HtmlClient, public: Client, admin: Client, add_lead: AddLead, choice: str, left: list[str]
) -> None:
    lead = add_lead()
    public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
    form = question(boss, lead["id"])
    assert form.values["duplicates"] == "keep"
    boss.submit(form, {"duplicates": choice})
    there = admin.get("/leads", duplicates="include").body
    assert [f"{one['first_name']} {one['last_name']}" for one in there] == left


def test_outdated_erasure_is_rejected(boss: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    form = question(boss, lead["id"])
    agent.patch(f"/leads/{lead['id']}", {"first_name": "Changed"})
    rejected = boss.submit(form)
    assert (rejected.status, "Nothing was erased." in rejected.html, "Changed" in rejected.html) == (
        409,
        True,
        True,
    )
    assert boss.submit(rejected.form(f"{LEADS}/{lead['id']}/erase")).status == 303
