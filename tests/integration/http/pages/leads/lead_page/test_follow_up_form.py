"""The form for follow-ups on the page of a lead."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client
from tests.support.memory.system import MemoryClock


class TestFollowUps:
    """Scheduling and completing follow-ups, in the business's time zone."""

    @pytest.fixture
    def container(self, make_container: MakeContainer) -> Container:
        return make_container(timezone=ZoneInfo("Europe/Berlin"))

    def test_follow_up_uses_the_business_time_zone(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead
    ) -> None:
        lead = add_lead()
        entered = {"due_at": "2026-12-01T09:30", "note": "Ask for papers"}
        sent = agent_browser.submit(form_of(agent_browser, lead["id"], "follow-up"), entered)
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == "2026-12-01T08:30:00.000000Z"
        shown = agent_browser.get(sent.location)
        assert ">1 Dec 2026, 09:30 CET</time>" in shown.html
        assert shown.html.count("Ask for papers") >= 2  # beside the next follow-up, and in the history
        assert "Follow-up scheduled" in shown.html
        assert form_of(agent_browser, lead["id"], "follow-up").values["due_at"] == "2026-12-01T09:30"

    @pytest.mark.parametrize(
        ("shortcut", "due_at"),
        [
            ("tomorrow", "2026-11-19T08:00:00.000000Z"),
            ("in-3-days", "2026-11-21T08:00:00.000000Z"),
            ("next-monday", "2026-11-23T08:00:00.000000Z"),
        ],
    )
    def test_shortcut_plans_a_follow_up(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead, shortcut: str, due_at: str
    ) -> None:
        lead = add_lead()
        form = form_of(agent_browser, lead["id"], "follow-up")
        assert agent_browser.submit(form, {"due_at": "2026-01-01T10:00", "shortcut": shortcut}).status == 303
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == due_at

    @pytest.mark.parametrize(
        ("sent_after", "due_at"),
        [(timedelta(hours=12), "2026-11-19T08:00:00.000000Z"), (timedelta(days=1), None)],
    )
    def test_shortcut_means_the_time_that_the_page_showed(
        self,
        agent_browser: HtmlClient,
        agent: Client,
        add_lead: AddLead,
        clock: MemoryClock,
        sent_after: timedelta,
        due_at: str | None,
    ) -> None:
        lead = add_lead()
        form = form_of(agent_browser, lead["id"], "follow-up")
        clock.advance(sent_after)
        agent_browser.sign_in("agent", PHRASE)
        form.values["csrf_token"] = form_of(agent_browser, lead["id"], "follow-up").values["csrf_token"]
        sent = agent_browser.submit(form, {"shortcut": "tomorrow"})
        assert (sent.status == 303, "lies in the past" in sent.html) == (due_at is not None, due_at is None)
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == due_at

    @pytest.mark.parametrize("seen_at", ["", "now", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
    def test_shortcut_of_no_known_time_counts_from_now(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead, seen_at: str
    ) -> None:
        lead = add_lead()
        form = form_of(agent_browser, lead["id"], "follow-up")
        assert agent_browser.submit(form, {"shortcut": "tomorrow", "seen_at": seen_at}).status == 303
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == "2026-11-19T08:00:00.000000Z"

    def test_follow_up_in_past_is_rejected(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead
    ) -> None:
        lead = add_lead()
        form = form_of(agent_browser, lead["id"], "follow-up")
        seen = agent_browser.submit(form, {"due_at": "2026-11-18T12:59"})  # a minute ago
        assert (seen.status, "This time lies in the past." in seen.html) == (422, True)
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] is None

    @pytest.mark.parametrize(
        ("entered", "said"),
        [
            ("", "This field is required."),
            ("soon", "Enter a day and a time"),
            ("2026-02-30T10:00", "The calendar does not have"),
            ("2027-03-28T02:30", "clocks are put forward"),
            ("0001-01-01T00:00", "The calendar does not have"),
        ],
    )
    def test_invalid_time_keeps_the_note(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead, entered: str, said: str
    ) -> None:
        lead = add_lead()
        sent = agent_browser.submit(
            form_of(agent_browser, lead["id"], "follow-up"), {"due_at": entered, "note": "Keep me"}
        )
        assert (sent.status, said in sent.html) == (422, True)
        kept = sent.form(f"{LEADS}/{lead['id']}/follow-up").values
        assert (kept["due_at"], kept["note"]) == (entered, "Keep me")
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] is None

    def test_ambiguous_time_means_the_first(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead
    ) -> None:
        lead = add_lead()
        agent_browser.submit(form_of(agent_browser, lead["id"], "follow-up"), {"due_at": "2027-10-31T02:30"})
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == "2027-10-31T00:30:00.000000Z"

    def test_completed_follow_up_sends_the_message(
        self, agent_browser: HtmlClient, admin: Client, add_lead: AddLead
    ) -> None:
        lead = add_lead()
        agent_browser.submit(form_of(agent_browser, lead["id"], "follow-up"), {"due_at": "2026-12-01T09:30"})
        entered = {"note": "Spoke to her", "message": "As promised."}
        sent = agent_browser.submit(form_of(agent_browser, lead["id"], "followed-up"), entered)
        shown = agent_browser.get(sent.location).html
        assert "The message is written to a file, because no mail server is configured." in shown
        assert "Spoke to her\n\nAs promised." in shown
        assert "None is scheduled." in shown
        assert "follow_up" in {delivery["kind"] for delivery in admin.get("/deliveries").body}

    def test_past_follow_up_is_overdue(
        self, agent_browser: HtmlClient, signed_in: SignedIn, add_lead: AddLead, clock: MemoryClock
    ) -> None:
        lead = add_lead()
        agent_browser.submit(form_of(agent_browser, lead["id"], "follow-up"), {"due_at": "2026-12-01T09:30"})
        assert "overdue" not in agent_browser.get(f"{LEADS}/{lead['id']}").html
        clock.advance(timedelta(days=30))
        shown = signed_in(Role.AGENT).get(f"{LEADS}/{lead['id']}").html
        assert '<span class="badge overdue">' in shown
