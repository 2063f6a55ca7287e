"""Duplicates on the page of a lead, and the forms that link and unlink them."""

import re

import pytest

from tests.integration.http.pages.conftest import LEADS, AddLead, form_of
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client


def test_duplicates_link_to_each_other(agent_browser: HtmlClient, public: Client, add_lead: AddLead) -> None:
    first = add_lead()
    again = {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com", "message": "Once more."}
    public.post("/leads", again)
    shown = agent_browser.get(f"{LEADS}/{first['id']}").html
    assert '<small class="snippet">Once more.</small>' in shown
    [other] = re.findall(r'<li><a href="/dashboard/leads/([^"]+)">Ann Again</a>', shown)
    assert (
        f'This is a repeat enquiry. The first one: <a href="{LEADS}/{first["id"]}">Ann Lee</a>'
        in agent_browser.get(f"{LEADS}/{other}").html
    )


class TestLinking:
    """Linking a lead to its primary lead by hand."""

    @pytest.mark.parametrize("way", ["ANN@example.com", "http://localhost/dashboard/leads/{}", "{}"])
    def test_lead_is_linked_and_unlinked(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead, way: str
    ) -> None:
        first, other = add_lead(), add_lead("bob@example.com", first_name="Bob")
        entered = {"duplicate_of": way.format(first["id"])}
        agent_browser.submit(form_of(agent_browser, other["id"], "link"), entered)
        assert agent.get(f"/leads/{other['id']}").body["duplicate_of"] == first["id"]
        agent_browser.submit(form_of(agent_browser, other["id"], "unlink"))
        assert agent.get(f"/leads/{other['id']}").body["duplicate_of"] is None

    @pytest.mark.parametrize("entered", ["", "unknown@example.com", "@", "unknown", "{}"])
    def test_unknown_primary_lead_is_reported(
        self, agent_browser: HtmlClient, add_lead: AddLead, entered: str
    ) -> None:
        lead = add_lead()
        text = entered.format(lead["id"])
        rejected = agent_browser.submit(form_of(agent_browser, lead["id"], "link"), {"duplicate_of": text})
        assert (rejected.status, 'id="link-primary-wrong"' in rejected.html) == (422, True)

    def test_unlinking_needs_a_different_address(
        self, agent_browser: HtmlClient, public: Client, agent: Client, add_lead: AddLead
    ) -> None:
        first = add_lead()
        public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
        [other] = agent.get("/leads", duplicates="only").body
        rejected = agent_browser.submit(form_of(agent_browser, other["id"], "unlink"))
        assert rejected.status == 422
        assert "To unlink it, change the address first." in rejected.html
        assert agent.get(f"/leads/{other['id']}").body["duplicate_of"] == first["id"]
