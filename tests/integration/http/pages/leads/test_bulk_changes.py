"""Changing the states of many leads from the list."""

import re
from typing import Any

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
    assert rejected.title.startswith("2 of 4 leads were not changed")
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
    assert "Tick the leads first" in agent_browser.get(sent.location).html


@pytest.mark.parametrize("button", ["move", "hand-over"])
def test_target_is_required(agent_browser: HtmlClient, add_lead: AddLead, button: str) -> None:
    add_lead()
    page = agent_browser.get(LEADS)
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "do": button})
    assert "Choose a new state or a new owner" in agent_browser.get(sent.location).html


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"state": "OPEN"}, "Choose one of the states."),
        ({"owner": "stranger", "do": "hand-over"}, "There is no enabled user of this name."),
    ],
)
def test_unknown_target_is_explained_on_the_list(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, target: dict[str, str], reason: str
) -> None:
    lead = add_lead()
    page = agent_browser.get(f"{LEADS}?q=lee")
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), **target})
    assert (sent.status, sent.location) == (303, f"{LEADS}?q=lee")
    assert f"Nothing was changed. {reason}" in agent_browser.get(sent.location).html
    assert agent.get(f"/leads/{lead['id']}").body["version"] == lead["version"]


def test_reason_that_is_too_long_is_explained_on_the_list(
    agent_browser: HtmlClient, add_lead: AddLead
) -> None:
    add_lead()
    page = agent_browser.get(f"{LEADS}?q=lee")
    shown = agent_browser.get(
        agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"}).location
    )
    reason = {"change": changes_in(shown, "lost-reason"), "lost_reason": "x" * 201}
    sent = agent_browser.submit(shown.form(f"{BULK}/lost-reason"), reason)
    assert "Nothing was changed. Enter at most 200 characters." in agent_browser.get(sent.location).html


@pytest.mark.parametrize(
    ("chosen", "owner", "said"),
    [
        ("agent", "agent", "2 leads were handed over to agent."),
        ("none", None, "2 leads have no owner now."),
    ],
)
def test_leads_are_handed_over_together(
    agent_browser: HtmlClient,
    agent: Client,
    add_lead: AddLead,
    chosen: str,
    owner: str | None,
    said: str,
) -> None:
    leads = [add_lead(f"{name}@example.com") for name in ("ann", "bob")]
    page = agent_browser.get(LEADS)
    form = page.form(BULK)
    sent = agent_browser.submit(form, {"lead": boxes(page), "owner": chosen, "do": "hand-over"})
    assert said in agent_browser.get(sent.location).html
    assert {agent.get(f"/leads/{lead['id']}").body["owner"] for lead in leads} == {owner}


def states(agent: Client, leads: list[dict[str, Any]]) -> list[str]:
    return [agent.get(f"/leads/{lead['id']}").body["state"] for lead in leads]


def changes_in(shown: HtmlPage, action: str) -> list[str]:
    """The changes that one of the forms about a move sends."""
    [form] = re.findall(rf'<form[^>]*action="{BULK}/{action}">.*?</form>', shown.html, re.DOTALL)
    return re.findall(r'name="change" value="([^"]*)"', form)


@pytest.mark.parametrize("number", [1, 51], ids=["on the list", "on the result"])
def test_lost_leads_have_a_field_for_the_reason(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, number: int
) -> None:
    leads = [add_lead(f"p{count}@example.com") for count in range(number)]
    page = agent_browser.get(f"{LEADS}?limit=200")
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    shown = sent if number > 1 else agent_browser.get(sent.location)
    form = shown.form(f"{BULK}/lost-reason")
    reason = {"change": changes_in(shown, "lost-reason"), "lost_reason": "too expensive"}
    saved = agent_browser.get(agent_browser.submit(form, reason).location)
    assert "The reason was saved." in saved.html
    reasons = {agent.get(f"/leads/{lead['id']}").body["lost_reason"] for lead in leads}
    assert reasons == {"too expensive"}
    title = "1 of 1 lead was not changed" if number == 1 else "51 of 51 leads were not changed"
    assert agent_browser.submit(form, reason).title.startswith(title)


def test_other_leads_have_no_field_for_the_reason(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    add_lead()
    page = agent_browser.get(LEADS)
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "REACHED_OUT"})
    assert "lost-reason" not in agent_browser.get(sent.location).html


def test_moves_are_undone_together(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    before = ["PENDING", "PENDING", "REACHED_OUT"]
    leads = [add_lead(f"p{number}@example.com", state=state) for number, state in enumerate(before)]
    page = agent_browser.get(f"{LEADS}?q=lee")
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    shown = agent_browser.get(sent.location)
    assert states(agent, leads) == ["LOST"] * 3
    changes = changes_in(shown, "undo")
    undone = agent_browser.submit(shown.form(f"{BULK}/undo"), {"change": changes})
    assert undone.location == f"{LEADS}?q=lee"
    assert "3 leads were moved back." in agent_browser.get(undone.location).html
    assert states(agent, leads) == before


def test_undo_of_many_reports_leads_that_changed_since(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    leads = [add_lead(f"{name}@example.com") for name in ("ann", "bob")]
    page = agent_browser.get(LEADS)
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    shown = agent_browser.get(sent.location)
    agent.patch(f"/leads/{leads[0]['id']}", {"last_name": "Changed"})
    changes = changes_in(shown, "undo")
    undone = agent_browser.submit(shown.form(f"{BULK}/undo"), {"change": changes})
    assert undone.title.startswith("1 of 2 leads were not changed")
    assert states(agent, leads) == ["LOST", "PENDING"]


def test_large_selection_can_be_undone_on_its_result(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    leads = [add_lead(f"p{number}@example.com") for number in range(51)]
    page = agent_browser.get(f"{LEADS}?limit=200")
    result = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    assert result.title.startswith("51 leads were changed")
    changes = changes_in(result, "undo")
    agent_browser.submit(result.form(f"{BULK}/undo"), {"change": changes})
    assert set(states(agent, leads)) == {"PENDING"}


def test_invented_undo_changes_nothing(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    page = agent_browser.get(LEADS)
    sent = agent_browser.submit(page.form(BULK), {"lead": boxes(page), "state": "LOST"})
    form = agent_browser.get(sent.location).form(f"{BULK}/undo")
    assert agent_browser.submit(form, {"change": ["x", f"{lead['id']} 2 "]}).status == 422
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "LOST"


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
