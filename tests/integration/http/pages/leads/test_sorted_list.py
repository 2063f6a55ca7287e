"""The headers of the list of leads sort it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.leads.queries.text_order import MAX_SORTED_BY_TEXT
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.integration.http.pages.leads.test_lead_list import names
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.examples.cases import each
from tests.support.examples.many_leads import add_many_leads
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

_SORTED = re.compile(r'<th scope="col" aria-sort="(\w+)">(?:<a [^>]*>)?([^<]*)')
_NEXT = re.compile(r'rel="next" href="([^"]*)"')


@pytest.fixture
def three(agent: Client, add_lead: AddLead, signed_in: SignedIn, clock: MemoryClock) -> None:
    """Three leads, of which Äda is the latest, and Carl has an owner."""
    signed_in(Role.AGENT)
    rest = (
        ("bob", {"source": "web"}),
        ("Carl", {"state": "LOST", "source": "ad"}),
        ("Äda", {"state": "REACHED_OUT"}),
    )
    for number, (name, fields) in enumerate(rest):
        clock.advance(timedelta(days=1))
        lead = add_lead(f"p{number}@example.com", first_name=name, last_name="Lee", **fields)
        if name == "Carl":
            agent.patch(f"/leads/{lead['id']}", {"owner": "agent"})


def click(browser: HtmlClient, seen: HtmlPage, title: str) -> HtmlPage:
    """Follow the link in the header of a column."""
    link = re.search(rf'<th scope="col"[^>]*><a href="([^"]*)">{title}<', seen.html)
    assert link is not None
    return browser.get(unescape(link[1]))


def following(browser: HtmlClient, seen: HtmlPage) -> HtmlPage:
    """Follow the link to the next page."""
    link = _NEXT.search(seen.html)
    assert link is not None
    return browser.get(unescape(link[1]))


@pytest.mark.usefixtures("three")
class TestHeaders:
    @each(
        ("title", "ascending", "descending"),
        [
            ("Name", ["Äda Lee", "bob Lee", "Carl Lee"], ["Carl Lee", "bob Lee", "Äda Lee"]),
            ("State", ["bob Lee", "Äda Lee", "Carl Lee"], ["Carl Lee", "Äda Lee", "bob Lee"]),
            ("Source", ["Carl Lee", "bob Lee", "Äda Lee"], ["bob Lee", "Carl Lee", "Äda Lee"]),
            ("Owner", ["Carl Lee", "Äda Lee", "bob Lee"], ["Carl Lee", "Äda Lee", "bob Lee"]),
        ],
    )
    def test_header_sorts_and_then_reverses(
        self, agent_browser: HtmlClient, title: str, ascending: list[str], descending: list[str]
    ) -> None:
        once = click(agent_browser, agent_browser.get(f"{LEADS}?owner="), title)
        assert (names(once), _SORTED.findall(once.html)) == (ascending, [("ascending", title)])
        twice = click(agent_browser, once, title)
        assert (names(twice), _SORTED.findall(twice.html)) == (descending, [("descending", title)])
        assert names(click(agent_browser, twice, title)) == ascending

    def test_header_keeps_the_filters_and_columns(self, agent_browser: HtmlClient) -> None:
        seen = agent_browser.get(f"{LEADS}?q=lee&state=PENDING&state=REACHED_OUT&columns=source&limit=1")
        once = click(agent_browser, seen, "Source")
        assert names(once) == ["bob Lee"]
        assert "data-label" in once.html
        assert names(following(agent_browser, once)) == ["Äda Lee"]

    @pytest.mark.parametrize(("query", "is_open"), [("sort=-name", False), ("sort=updated_at", True)])
    def test_filters_open_for_an_order_that_no_header_shows(
        self,
        agent_browser: HtmlClient,
        query: str,
        is_open: bool,  # noqa: FBT001 - a case
    ) -> None:
        assert ("<details open>" in agent_browser.get(f"{LEADS}?{query}").html) is is_open

    def test_form_keeps_the_order(self, agent_browser: HtmlClient) -> None:
        form = agent_browser.get(f"{LEADS}?sort=-name").form(LEADS)
        assert form.values["sort"] == "-name"
        assert names(agent_browser.submit(form)) == ["Carl Lee", "bob Lee", "Äda Lee"]

    def test_page_of_a_lead_links_back_to_the_order(self, agent_browser: HtmlClient) -> None:
        seen = agent_browser.get(f"{LEADS}?sort=-name")
        lead = re.search(r'<th scope="row"><a href="([^"]*)"', seen.html)
        assert lead is not None
        assert f'<a href="{LEADS}?sort=-name">Leads</a>' in agent_browser.get(lead[1]).html


def test_longer_list_says_why_it_is_not_sorted(agent_browser: HtmlClient, database_url: str) -> None:
    add_many_leads(database_url, MAX_SORTED_BY_TEXT + 1)
    seen = agent_browser.get(f"{LEADS}?sort=name&duplicates=open&limit=25")
    reason = "More than 10,000 leads match, too many for the order “Name, A to Z”, so the latest come first."
    assert reason in seen.html
    assert seen.status == 200
    assert _SORTED.findall(seen.html) == [("descending", "Received")]
    assert {"sort": "name", "duplicates": "open", "limit": "25"}.items() <= seen.form(LEADS).values.items()
    second = following(agent_browser, seen)
    assert len({*names(seen), *names(second)}) == 50
    assert second.form(LEADS).values["duplicates"] == "open"
    narrowed = agent_browser.get(f"{LEADS}?sort=name&duplicates=open&limit=25&source=rare")
    assert names(narrowed) == ["P999997", "P999998"]
    assert reason not in narrowed.html
