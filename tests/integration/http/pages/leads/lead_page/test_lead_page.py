"""The page of a lead, and its forms for state and notes."""

import re

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client

FORWARD = {("PENDING", "REACHED_OUT"), ("REACHED_OUT", "CONVERTED")}


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
    html = agent_browser.get(f"{LEADS}/{lead['id']}").html
    assert buttons(html) == offered
    steps_forward = [one for one in offered if f'<button name="state" value="{one}">' in html]
    assert steps_forward == [one for one in offered if (state, one) in FORWARD]


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


def test_lost_lead_has_field_for_reason(agent_browser: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    assert "Why was the lead lost?" not in agent_browser.get(f"{LEADS}/{lead['id']}").html
    agent_browser.submit(form_of(agent_browser, lead["id"], "state"), {"state": "LOST"})
    assert agent_browser.get(f"{LEADS}/{lead['id']}").html.count("Why was the lead lost?") == 1
    form = form_of(agent_browser, lead["id"], "lost-reason")
    rejected = agent_browser.submit(form, {"lost_reason": "x" * 201})
    assert rejected.status == 422
    assert 'id="lost-reason-wrong"' in rejected.html
    agent_browser.submit(form, {"lost_reason": "too expensive"})
    assert "Lost: too expensive" in agent_browser.get(f"{LEADS}/{lead['id']}").html
    assert agent.get(f"/leads/{lead['id']}").body["lost_reason"] == "too expensive"
