"""The page of a lead, and its forms for state, notes, follow-ups and duplicates."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client
from tests.support.memory.system import MemoryClock


def buttons(html: str) -> list[str]:
    """Return the states that the page offers."""
    return re.findall(r'<button name="state" value="(\w+)"', html)


def test_page_shows_everything_about_the_lead(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead(phone="+49 30 901820", message="First line\nSecond <line>", source="ad & co")
    seen = agent_browser.get(f"{LEADS}/{lead['id']}")
    assert seen.title == "Ann Lee · LeadTracker"
    expected = (
        "mailto:ann@example.com",
        "tel:+4930901820",
        "First line\nSecond &lt;line&gt;",
        "ad &amp; co",
    )
    for text in (*expected, "None is scheduled.", "None came with the lead.", "None is known."):
        assert text in seen.html


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("PENDING", ["REACHED_OUT", "LOST"]),
        ("REACHED_OUT", ["CONVERTED", "LOST", "PENDING"]),
        ("CONVERTED", ["REACHED_OUT"]),
        ("LOST", ["PENDING", "REACHED_OUT"]),
    ],
)
def test_only_allowed_transitions_are_offered(
    agent_browser: HtmlClient, add_lead: AddLead, state: str, offered: list[str]
) -> None:
    lead = add_lead(state=state)
    assert buttons(agent_browser.get(f"{LEADS}/{lead['id']}").html) == offered


def test_lead_state_can_be_changed(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    sent = agent_browser.submit(form_of(agent_browser, lead["id"], "state"), {"state": "REACHED_OUT"})
    assert (sent.status, sent.location) == (303, f"{LEADS}/{lead['id']}")
    shown = agent_browser.get(sent.location).html
    assert "Moved to Contacted." in shown
    assert "<strong>State changed</strong> <small>agent," in shown
    assert agent.get(f"/leads/{lead['id']}").body["state"] == "REACHED_OUT"


@pytest.mark.parametrize(("state", "status"), [("CONVERTED", 409), ("OPEN", 422), ("", 422)])
def test_unoffered_state_is_rejected(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, state: str, status: int
) -> None:
    lead = add_lead()
    assert (
        agent_browser.submit(form_of(agent_browser, lead["id"], "state"), {"state": state}).status == status
    )
    assert agent.get(f"/leads/{lead['id']}").body["version"] == 1


def test_note_is_added_to_the_history(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    sent = agent_browser.submit(
        form_of(agent_browser, lead["id"], "notes"), {"note": "Called.\r\nNobody <there>."}
    )
    assert "Called.\nNobody &lt;there&gt;." in agent_browser.get(sent.location).html


def test_note_needs_no_version(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    form = form_of(agent_browser, lead["id"], "notes")
    agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
    assert "Hello" in agent_browser.get(agent_browser.submit(form, {"note": "Hello"}).location).html


@pytest.mark.parametrize("note", ["", " \n ", "x" * 5001, "bell \x07"])
def test_invalid_note_keeps_the_input(agent_browser: HtmlClient, add_lead: AddLead, note: str) -> None:
    lead = add_lead()
    rejected = agent_browser.submit(form_of(agent_browser, lead["id"], "notes"), {"note": note})
    assert rejected.status == 422
    assert 'id="note-wrong"' in rejected.html
    assert rejected.form(f"{LEADS}/{lead['id']}/notes").values["note"].strip() == note.strip()


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

    def test_follow_up_in_the_past_is_rejected(
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


def test_duplicates_link_to_each_other(agent_browser: HtmlClient, public: Client, add_lead: AddLead) -> None:
    first = add_lead()
    public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
    shown = agent_browser.get(f"{LEADS}/{first['id']}").html
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


def test_viewer_sees_no_actions(signed_in: SignedIn, add_lead: AddLead) -> None:
    lead = add_lead()
    seen = signed_in(Role.VIEWER).get(f"{LEADS}/{lead['id']}")
    assert "ann@example.com" in seen.html
    assert [form.action for form in seen.forms] == ["/sign-out"]
    for word in ("/edit", "/erase", "/export"):
        assert f"{lead['id']}{word}" not in seen.html


def test_agent_sees_no_admin_actions(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    seen = agent_browser.get(f"{LEADS}/{lead['id']}")
    for word in ("/erase", "/export"):
        assert f"{lead['id']}{word}" not in seen.html


def test_missing_lead_has_no_page(agent_browser: HtmlClient) -> None:
    seen = agent_browser.get(f"{LEADS}/unknown")
    assert seen.status == 404
    assert "Back to the dashboard" in seen.html


def test_page_of_an_imported_lead_shows_its_history(signed_in: SignedIn, container: Container) -> None:
    row = ImportRow(2, {"first_name": "Ida", "last_name": "Import", "email": "ida@example.com"})
    [result] = container.import_leads()(OPERATOR, [row])
    assert result.lead is not None
    seen = signed_in(Role.VIEWER).get(f"{LEADS}/{result.lead.id}")
    assert seen.status == 200
    assert "<strong>Imported</strong>" in seen.html


def test_author_corrects_a_note(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    agent_browser.submit(form_of(agent_browser, lead["id"], "notes"), {"note": "Called, wants 10"})
    form = form_of(agent_browser, lead["id"], "notes/2")
    assert form.values["note"] == "Called, wants 10"
    agent_browser.submit(form, {"note": "Called, wants 100"})
    page = agent_browser.get(f"{LEADS}/{lead['id']}")
    assert "The note was corrected." in page.html
    assert "Called, wants 10<" in page.html  # the history keeps both
    assert form_of(agent_browser, lead["id"], "notes/2").values["note"] == "Called, wants 100"
    rejected = agent_browser.submit(form, {"note": " "})
    assert rejected.status == 422
    assert 'id="note-2-wrong"' in rejected.html


def test_note_of_another_user_cannot_be_corrected(
    agent_browser: HtmlClient, signed_in: SignedIn, add_lead: AddLead
) -> None:
    lead = add_lead()
    agent_browser.submit(form_of(agent_browser, lead["id"], "notes"), {"note": "Mine"})
    other = signed_in(Role.ADMIN)
    assert "Correct the note" not in other.get(f"{LEADS}/{lead['id']}").html
    form = form_of(other, lead["id"], "notes")
    form.action += "/2"
    assert other.submit(form, {"note": "Theirs"}).status == 403


def test_reason_is_asked_when_a_lead_is_lost(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead
) -> None:
    lead = add_lead()
    assert "Why was the lead lost?" not in agent_browser.get(f"{LEADS}/{lead['id']}").html
    agent_browser.submit(form_of(agent_browser, lead["id"], "state"), {"state": "LOST"})
    form = form_of(agent_browser, lead["id"], "lost-reason")
    rejected = agent_browser.submit(form, {"lost_reason": "x" * 201})
    assert rejected.status == 422
    assert 'id="lost-reason-wrong"' in rejected.html
    agent_browser.submit(form, {"lost_reason": "too expensive"})
    assert "Lost: too expensive" in agent_browser.get(f"{LEADS}/{lead['id']}").html
    assert agent.get(f"/leads/{lead['id']}").body["lost_reason"] == "too expensive"
