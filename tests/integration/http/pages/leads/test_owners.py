"""Owners on the pages of leads: claims, handovers, filters, and the views that begin with one's own leads."""

import re

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.http import Client

BOARD = "/dashboard/board"


@pytest.fixture(autouse=True)
def colleague(container: Container) -> None:
    """A second user who may own leads, and a third who no longer may."""
    for name in ("bea", "carl"):
        container.manage_users().add(OPERATOR, name, Role.AGENT, PHRASE)
    container.manage_users().disable(OPERATOR, "carl")


def names(page: HtmlPage) -> list[str]:
    """The persons of the list or of the board."""
    return re.findall(r'<a href="/dashboard/leads/[0-9a-f]{32}"[^>]*>([^<]*) Lee</a>', page.html)


def owned(agent: Client, add_lead: AddLead, **owners: str | None) -> dict[str, str]:
    """Add a lead of each name; return their ids."""
    ids = {}
    for name, owner in owners.items():
        lead = add_lead(f"{name}@example.com", first_name=name)
        agent.patch(f"/leads/{lead['id']}", {"owner": owner})
        ids[name] = str(lead["id"])
    return ids


def test_lead_is_claimed_handed_over_and_given_back(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    lead_id = add_lead()["id"]

    def owner() -> object:
        return agent.get(f"/leads/{lead_id}").body["owner"]

    agent_browser.submit(form_of(agent_browser, lead_id, "claim"))
    claimed = agent_browser.get(f"{LEADS}/{lead_id}")
    assert "You own this lead now." in claimed.html
    assert "Claim this lead" not in claimed.html
    assert owner() == "agent"
    agent_browser.submit(form_of(agent_browser, lead_id, "owner"), {"owner": "bea"})
    assert "bea owns this lead now." in agent_browser.get(f"{LEADS}/{lead_id}").html
    assert owner() == "bea"
    agent_browser.submit(form_of(agent_browser, lead_id, "owner"), {"owner": "none"})
    assert "This lead has no owner now." in agent_browser.get(f"{LEADS}/{lead_id}").html
    assert owner() is None


def test_slower_claim_names_faster_user(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    form = form_of(agent_browser, lead["id"], "claim")
    agent.patch(f"/leads/{lead['id']}", {"owner": "bea"})
    sent = agent_browser.submit(form)
    assert "bea was faster and owns this lead now." in agent_browser.get(sent.location).html
    assert agent.get(f"/leads/{lead['id']}").body["owner"] == "bea"


def test_outdated_handover_is_reported(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    form = form_of(agent_browser, lead["id"], "owner")
    agent.patch(f"/leads/{lead['id']}", {"owner": "bea"})
    assert agent_browser.submit(form, {"owner": "agent"}).status == 409
    assert agent.get(f"/leads/{lead['id']}").body["owner"] == "bea"


@pytest.mark.parametrize("owner", ["carl", "stranger"])
def test_owner_must_be_enabled(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, owner: str
) -> None:
    lead = add_lead()
    form = form_of(agent_browser, lead["id"], "owner")
    rejected = agent_browser.submit(form, {"owner": owner})
    assert rejected.status == 422
    assert 'id="owner-wrong"' in rejected.html
    assert f'<option value="{owner}" selected>' in rejected.html
    assert agent.get(f"/leads/{lead['id']}").body["owner"] is None


def test_only_enabled_users_are_offered(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    page = agent_browser.get(f"{LEADS}/{add_lead()['id']}")
    assert re.findall(r'<option value="([^"]*)"', page.html.partition('id="owner"')[2]) == [
        "none",
        "agent",
        "bea",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("owner=", ["una", "theirs", "mine"]),
        ("owner=me", ["mine"]),
        ("owner=bea", ["theirs"]),
        ("owner=none", ["una"]),
        ("owner=me&state=LOST", []),
    ],
)
def test_list_and_board_are_filtered_by_owner(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, query: str, expected: list[str]
) -> None:
    owned(agent, add_lead, mine="agent", theirs="bea", una=None)
    assert sorted(names(agent_browser.get(f"{LEADS}?{query}"))) == sorted(expected)
    if "state" not in query:
        assert sorted(names(agent_browser.get(f"{BOARD}?{query}"))) == sorted(expected)


@pytest.mark.parametrize("path", [LEADS, BOARD])
def test_agent_who_owns_leads_sees_these_first(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, path: str
) -> None:
    assert agent_browser.get(path).status == 200
    owned(agent, add_lead, mine="agent", theirs="bea")
    assert agent_browser.get(path).location == f"{path}?owner=me"
    everyone = agent_browser.get(f"{path}?owner=")
    assert everyone.status == 200
    assert len(names(everyone)) == 2


def test_search_without_results_offers_the_leads_of_everyone(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    owned(agent, add_lead, mine="agent", theirs="bea")
    offered = agent_browser.get(f"{LEADS}?q=unknown").link("Show all leads")
    assert len(names(agent_browser.get(offered))) == 2


def test_admin_sees_all_leads_first(signed_in: SignedIn, agent: Client, add_lead: AddLead) -> None:
    boss = signed_in(Role.ADMIN)
    owned(agent, add_lead, mine="admin", theirs="bea")
    assert len(names(boss.get(LEADS))) == 2


def test_links_between_owners_keep_the_filters(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    add_lead()
    page = agent_browser.get(f"{LEADS}?q=lee&owner=none")
    assert page.link("Mine") == f"{LEADS}?q=lee&owner=me"
    assert page.link("Everyone") == f"{LEADS}?q=lee"
    assert page.link("Overdue") == f"{LEADS}?follow_up=overdue&sort=follow_up_at&owner=none"
    assert agent_browser.get(f"{LEADS}?owner=me").link("Everyone") == f"{LEADS}?owner="


def test_list_and_board_name_the_owner(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    owned(agent, add_lead, theirs="bea")
    assert re.search(r'class="owner">\s*bea', agent_browser.get(LEADS).html)
    assert "Owner: bea" in agent_browser.get(BOARD).html


def test_move_on_the_board_keeps_its_owner(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    ids = owned(agent, add_lead, mine="agent")
    board = agent_browser.get(f"{BOARD}?owner=me")
    sent = agent_browser.submit(board.form(BOARD), {"move": f"{ids['mine']} 2 LOST"})
    assert sent.location == f"{BOARD}?owner=me"
    undo = next(form for form in agent_browser.get(sent.location).forms if "back" in form.values)
    assert agent_browser.submit(undo, {"state": "PENDING"}).location == f"{BOARD}?owner=me"


def test_viewer_sees_owners_and_cannot_change_them(
    signed_in: SignedIn, agent: Client, add_lead: AddLead
) -> None:
    ids = owned(agent, add_lead, theirs="bea")
    page = signed_in(Role.VIEWER).get(f"{LEADS}/{ids['theirs']}")
    assert "<strong>bea</strong>" in page.html
    assert "/owner" not in page.html
    assert "/claim" not in page.html


def test_leads_without_an_owner_are_shown_as_such(
    agent: Client, agent_browser: HtmlClient, add_lead: AddLead
) -> None:
    ids = owned(agent, add_lead, Mine="agent", Free=None, Done=None)
    for state in ("REACHED_OUT", "CONVERTED"):
        agent.patch(f"/leads/{ids['Done']}", {"state": state})
    rows = re.findall(r"<tr>.*?</tr>", agent_browser.get(f"{LEADS}?owner=").html, re.DOTALL)
    shown = {name: "No owner</span>" in row for name in ids for row in rows if name in row}
    assert shown == {"Mine": False, "Free": True, "Done": True}
    cards = re.findall(
        r'<li class="board-card".*?</li>', agent_browser.get(f"{BOARD}?owner=").html, re.DOTALL
    )
    shown = {name: "No owner</span>" in card for name in ids for card in cards if name in card}
    assert shown == {"Mine": False, "Free": True, "Done": False}
