"""Changing the states of many leads from the list."""

import re

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.http import Client

BULK = f"{LEADS}/bulk"


def boxes(page: HtmlPage) -> list[str]:
    """Return the values of the check boxes of the list."""
    return re.findall(r'form="bulk" name="lead" value="([^"]*)"', page.html)


def test_selected_leads_move_and_list_returns(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    leads = [add_lead(f"{name}@example.com") for name in ("ann", "bob", "carl")]
    page = agent_browser.get(f"{LEADS}?q=lee&sort=created_at")
    chosen = [box for box in boxes(page) if not box.startswith(leads[2]["id"])]
    sent = agent_browser.submit(page.form(BULK), {"lead": chosen, "state": "LOST"})
    assert (sent.status, sent.location) == (303, f"{LEADS}?q=lee&sort=created_at")
    assert "2 leads were moved to Lost." in agent_browser.get(sent.location).html
    states = [agent.get(f"/leads/{lead['id']}").body["state"] for lead in leads]
    assert states == ["LOST", "LOST", "PENDING"]


def test_each_unmoved_lead_is_reported(
    agent_browser: HtmlClient, agent: Client, admin: Client, add_lead: AddLead
) -> None:
    emails = {"fine": "PENDING", "stale": "PENDING", "illegal": "LOST", "gone": "PENDING"}
    leads = {
        name: add_lead(f"{name}@example.com", first_name=name, state=state) for name, state in emails.items()
    }
    page = agent_browser.get(LEADS)
    agent.patch(f"/leads/{leads['stale']['id']}", {"last_name": "Changed"})
    admin.delete(f"/leads/{leads['gone']['id']}")
    rejected = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    assert rejected.title.startswith("2 of 4 leads were not moved")
    rejected = agent_browser.submit(
        agent_browser.get(LEADS).form(BULK), {"lead": boxes(page), "state": "CONVERTED"}
    )
    for said in (
        "was changed by another user",
        "it can move to these only: New, Contacted",
        "was erased by another user",
    ):
        assert said in rejected.html
    assert agent.get(f"/leads/{leads['fine']['id']}").body["state"] == "LOST"
    assert agent.get(f"/leads/{leads['stale']['id']}").body["state"] == "PENDING"


def test_selection_without_version_moves_nothing(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    lead = add_lead()
    form = agent_browser.get(LEADS).form(BULK)
    rejected = agent_browser.submit(form, {"lead": lead["id"], "state": "LOST"})
    assert "was changed by another user" in rejected.html
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "PENDING"


@pytest.mark.parametrize("chosen", [{}, {"state": "LOST"}])
def test_empty_selection_moves_nothing(
    agent_browser: HtmlClient, add_lead: AddLead, chosen: dict[str, str]
) -> None:
    add_lead()
    sent = agent_browser.submit(agent_browser.get(LEADS).form(BULK), chosen)
    assert sent.status == 303
    assert "Nothing was chosen." in agent_browser.get(sent.location).html


def test_target_state_is_required(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    add_lead()
    page = agent_browser.get(LEADS)
    assert agent_browser.submit(page.form(BULK), {"lead": boxes(page)}).status == 422


def test_return_url_stays_on_the_list(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    add_lead()
    page = agent_browser.get(LEADS)
    back = "https://evil.example/?q=1\r\nX: 1"
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST", "back": back})
    assert sent.location.startswith(f"{LEADS}?")
    assert agent_browser.get(LEADS).status == 200


def test_viewer_sees_no_checkboxes(signed_in: SignedIn, add_lead: AddLead) -> None:
    add_lead()
    page = signed_in(Role.VIEWER).get(LEADS)
    assert "Ann Lee" in page.html
    assert 'type="checkbox" form="bulk"' not in page.html
    assert "/bulk" not in page.html
