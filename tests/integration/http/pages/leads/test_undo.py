"""Undo of a state change, from the lead's page and from the board."""

import pytest

from tests.integration.http.pages.conftest import LEADS, AddLead, form_of
from tests.support.clients.html_client import Form, HtmlClient
from tests.support.http import Client

STEPS = [
    ("PENDING", "REACHED_OUT"),
    ("PENDING", "LOST"),
    ("REACHED_OUT", "CONVERTED"),
    ("REACHED_OUT", "LOST"),
    ("REACHED_OUT", "PENDING"),
    ("CONVERTED", "REACHED_OUT"),
    ("LOST", "PENDING"),
    ("LOST", "REACHED_OUT"),
]


def undo_form(html_client: HtmlClient, path: str) -> Form:
    """The form of the Undo button, which is the first on the page after signing out."""
    return next(form for form in html_client.get(path).forms if "back" in form.values)


def move(html_client: HtmlClient, lead_id: str, state: str) -> None:
    assert html_client.submit(form_of(html_client, lead_id, "state"), {"state": state}).status == 303


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_every_state_change_can_be_undone(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, before: str, after: str
) -> None:
    lead = add_lead(state=before)
    move(agent_browser, lead["id"], after)
    path = f"{LEADS}/{lead['id']}"
    shown = agent_browser.get(path)
    assert f'<button class="plain small" name="state" value="{before}">Undo</button>' in shown.html
    undo = next(form for form in shown.forms if "back" in form.values)
    assert agent_browser.submit(undo, {"state": before}).location == path
    assert agent.get(f"/leads/{lead['id']}").body["state"] == before


def test_undo_is_offered_once(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    move(agent_browser, lead["id"], "LOST")
    pages = [agent_browser.get(f"{LEADS}/{lead['id']}").html for _ in range(2)]
    assert [">Undo</button>" in html for html in pages] == [True, False]


def test_undo_does_not_revert_a_later_change(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    lead = add_lead()
    move(agent_browser, lead["id"], "REACHED_OUT")
    undo = undo_form(agent_browser, f"{LEADS}/{lead['id']}")
    agent.patch(f"/leads/{lead['id']}", {"state": "CONVERTED"})
    assert agent_browser.submit(undo, {"state": "PENDING"}).status == 409
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "CONVERTED"


def test_undo_needs_the_csrf_token(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    move(agent_browser, lead["id"], "LOST")
    undo = undo_form(agent_browser, f"{LEADS}/{lead['id']}")
    assert agent_browser.submit(undo, {"state": "PENDING", "csrf_token": ""}).status == 403
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "LOST"


def test_undo_on_board_returns_to_board(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    board = "/dashboard/board"
    agent_browser.submit(agent_browser.get(board).form(board), {"move": f"{lead['id']} 1 LOST"})
    assert (
        agent_browser.submit(undo_form(agent_browser, board), {"state": "PENDING"}).location
        == f"{board}?owner="
    )
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "PENDING"


def test_breadcrumb_keeps_the_filters(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    agent_browser.get(f"{LEADS}?q=ann&state=PENDING")
    crumbs = agent_browser.get(f"{LEADS}/{lead['id']}").html
    assert f'<p class="crumbs no-print"><a href="{LEADS}?q=ann&amp;state=PENDING">' in crumbs
    agent_browser.get(LEADS)
    assert (
        f'<p class="crumbs no-print"><a href="{LEADS}?owner=">'
        in agent_browser.get(f"{LEADS}/{lead['id']}").html
    )
