"""The board: its columns, and the buttons that move cards."""

import re
from datetime import timedelta

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

BOARD = "/dashboard/board"
_COLUMN = re.compile(r'<section class="column (\w+)".*?</section>', re.DOTALL)
_CARD = re.compile(r'data-name="([^"]*)"(?= draggable|>)')


def cards(page: HtmlPage) -> dict[str, list[str]]:
    """Return the names of the leads in each column."""
    assert page.status == 200
    return {
        column[1]: _CARD.findall(column[0].partition("</h2>")[2]) for column in _COLUMN.finditer(page.html)
    }


def transitions(page: HtmlPage, state: str) -> list[str]:
    """Return the values that the buttons of a state send."""
    return re.findall(rf'name="move" value="([^"]* {state})"', page.html)


def test_columns_show_latest_leads_first(
    agent_browser: HtmlClient, add_lead: AddLead, clock: MemoryClock
) -> None:
    for name, state in (("Ann", "PENDING"), ("Bob", "PENDING"), ("Carl", "LOST"), ("Dora", "CONVERTED")):
        add_lead(f"{name}@example.com", first_name=name, state=state)
        clock.advance(timedelta(seconds=1))
    assert cards(agent_browser.get(BOARD)) == {
        "PENDING": ["Bob Lee", "Ann Lee"],
        "REACHED_OUT": [],
        "CONVERTED": ["Dora Lee"],
        "LOST": ["Carl Lee"],
    }


def test_only_allowed_transitions_are_offered(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    offered = re.findall(r'name="move" value="([^"]*)"', agent_browser.get(BOARD).html)
    assert offered == [f"{lead['id']} 1 REACHED_OUT", f"{lead['id']} 1 LOST"]


def test_button_moves_the_card(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    add_lead()
    page = agent_browser.get(BOARD)
    sent = agent_browser.submit(page.form(BOARD), {"move": transitions(page, "REACHED_OUT")[0]})
    assert (sent.status, sent.location) == (303, f"{BOARD}?owner=")
    page = agent_browser.get(BOARD)
    assert cards(page)["REACHED_OUT"] == ["Ann Lee"]
    assert "Ann Lee moved to Contacted." in page.html


def test_card_moved_to_lost_has_a_field_for_the_reason(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    lead = add_lead()
    page = agent_browser.get(BOARD)
    agent_browser.submit(page.form(BOARD), {"move": transitions(page, "LOST")[0]})
    form = agent_browser.get(BOARD).form("/dashboard/leads/bulk/lost-reason")
    saved = agent_browser.submit(form, {"lost_reason": "no answer"})
    assert (saved.status, saved.location) == (303, f"{BOARD}?owner=")
    assert agent.get(f"/leads/{lead['id']}").body["lost_reason"] == "no answer"


def test_outdated_card_is_not_moved(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    page = agent_browser.get(BOARD)
    agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
    agent_browser.submit(page.form(BOARD), {"move": transitions(page, "REACHED_OUT")[0]})
    page = agent_browser.get(BOARD)
    assert cards(page)["LOST"] == ["Ann Lee"]
    assert "Another user has changed" in page.html


def test_illegal_transition_is_reported(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    agent_browser.submit(agent_browser.get(BOARD).form(BOARD), {"move": f"{lead['id']} 1 CONVERTED"})
    assert "it cannot move to Converted" in agent_browser.get(BOARD).html
    assert agent.get(f"/leads/{lead['id']}").body["version"] == 1


@pytest.mark.parametrize(
    ("move", "status"), [("", 422), ("x", 422), ("unknown 1 LOST", 404), ("unknown 1 LOST more", 404)]
)
def test_nonsense_is_rejected(agent_browser: HtmlClient, add_lead: AddLead, move: str, status: int) -> None:
    add_lead()
    assert agent_browser.submit(agent_browser.get(BOARD).form(BOARD), {"move": move}).status == status


def test_full_column_links_to_the_list(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    for number in range(51):
        add_lead(f"ann{number}@example.com")
    page = agent_browser.get(BOARD)
    assert len(cards(page)["PENDING"]) == 50
    assert 'href="/dashboard/leads?waiting=true&amp;owner="' in page.html


def test_viewer_cannot_move_cards(signed_in: SignedIn, add_lead: AddLead) -> None:
    add_lead()
    page = signed_in(Role.VIEWER).get(BOARD)
    assert cards(page)["PENDING"] == ["Ann Lee"]
    assert 'name="move"' not in page.html
    assert 'draggable="true"' not in page.html
