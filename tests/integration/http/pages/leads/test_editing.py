"""Editing a lead, and edits of the same lead by two users, of which no input is lost."""

from typing import Any

import pytest

from tests.integration.http.pages.conftest import LEADS, AddLead, form_of
from tests.support.clients.html_client import Form, HtmlClient, HtmlPage
from tests.support.http import Client

MESSAGE = "First line\r\nSecond line"


@pytest.fixture
def lead(add_lead: AddLead) -> dict[str, Any]:
    return add_lead(phone="+49 30 901820", message=MESSAGE, source="ad")


def edit_form(html_client: HtmlClient, lead: dict[str, Any]) -> Form:
    """Load the form that edits a lead."""
    path = f"{LEADS}/{lead['id']}/edit"
    return html_client.get(path).form(path)


def form_in(seen: HtmlPage, lead: dict[str, Any], end: str = "edit") -> Form:
    """Return a lead's form of that kind from a page."""
    return seen.form(f"{LEADS}/{lead['id']}/{end}")


def test_only_changed_fields_are_recorded(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
) -> None:
    sent = agent_browser.submit(edit_form(agent_browser, lead), {"first_name": "Anna", "phone": ""})
    assert (sent.status, sent.location) == (303, f"{LEADS}/{lead['id']}")
    assert "The changes were saved." in agent_browser.get(sent.location).html
    now = agent.get(f"/leads/{lead['id']}").body
    assert (now["first_name"], now["phone"], now["message"]) == ("Anna", None, lead["message"])
    changes = agent.get(f"/leads/{lead['id']}/history").body[-1]["changes"]
    assert {change["field"] for change in changes} == {"first_name", "phone"}


def test_unchanged_form_changes_nothing(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
) -> None:
    sent = agent_browser.submit(edit_form(agent_browser, lead))
    assert "Nothing has changed." in agent_browser.get(sent.location).html
    assert agent.get(f"/leads/{lead['id']}").body["version"] == 1


def test_field_errors_keep_the_input(agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]) -> None:
    entered = {"first_name": " ", "email": "unknown", "message": "x" * 5001, "phone": "call me"}
    rejected = agent_browser.submit(edit_form(agent_browser, lead), entered)
    assert rejected.status == 422
    for name in entered:
        assert f'id="{name}-wrong"' in rejected.html
    assert 'id="source-wrong"' not in rejected.html
    assert form_in(rejected, lead).values | entered == form_in(rejected, lead).values | {
        "message": "x" * 5001
    }
    assert agent.get(f"/leads/{lead['id']}").body["version"] == 1


def test_taken_address_links_to_the_other_lead(
    agent_browser: HtmlClient, add_lead: AddLead, lead: dict[str, Any]
) -> None:
    other = add_lead("bob@example.com")
    rejected = agent_browser.submit(
        edit_form(agent_browser, lead), {"email": "BOB@example.com", "source": "fair"}
    )
    assert rejected.status == 409
    assert f'href="{LEADS}/{other["id"]}"' in rejected.html
    assert form_in(rejected, lead).values["source"] == "fair"


class TestTwoPeople:
    """The second user sees both versions and decides."""

    def test_conflict_shows_both_inputs(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = edit_form(agent_browser, lead)
        agent.patch(f"/leads/{lead['id']}", {"first_name": "Theirs", "source": "fair"})
        rejected = agent_browser.submit(form, {"first_name": "Mine", "phone": "+49 30 1"})
        assert rejected.status == 409
        assert "Another user has changed this lead" in rejected.html
        for text in ("Theirs", "Mine", "Ann", "fair", "+49 30 1", "(API key)"):
            assert text in rejected.html
        now = agent.get(f"/leads/{lead['id']}").body
        assert (now["first_name"], now["phone"]) == ("Theirs", "+4930901820")

    def test_overwriting_keeps_unrelated_changes(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = edit_form(agent_browser, lead)
        theirs = {"first_name": "Theirs", "source": "fair", "message": None}
        agent.patch(f"/leads/{lead['id']}", theirs)
        rejected = agent_browser.submit(form, {"first_name": "Mine", "phone": "+49 30 111111"})
        sent = agent_browser.submit(form_in(rejected, lead))
        assert sent.status == 303
        now = agent.get(f"/leads/{lead['id']}").body
        assert (now["first_name"], now["phone"]) == ("Mine", "+4930111111")
        assert (now["source"], now["message"], now["version"]) == ("fair", None, 3)

    def test_third_change_shows_another_conflict(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = edit_form(agent_browser, lead)
        agent.patch(f"/leads/{lead['id']}", {"first_name": "Second"})
        rejected = agent_browser.submit(form, {"first_name": "Mine"})
        agent.patch(f"/leads/{lead['id']}", {"first_name": "Third"})
        again = agent_browser.submit(form_in(rejected, lead))
        assert (again.status, "Third" in again.html) == (409, True)
        assert form_in(again, lead).values["first_name"] == "Mine"

    def test_validation_follows_conflict_resolution(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = edit_form(agent_browser, lead)
        agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
        rejected = agent_browser.submit(form, {"first_name": "Mine"})
        wrong = agent_browser.submit(form_in(rejected, lead), {"first_name": ""})
        assert wrong.status == 422
        assert agent_browser.submit(form_in(wrong, lead), {"first_name": "Mine"}).status == 303
        now = agent.get(f"/leads/{lead['id']}").body
        assert (now["first_name"], now["state"]) == ("Mine", "LOST")

    def test_cancel_returns_to_the_lead(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = edit_form(agent_browser, lead)
        agent.patch(f"/leads/{lead['id']}", {"first_name": "Theirs"})
        rejected = agent_browser.submit(form, {"first_name": "Mine"})
        assert f'href="{LEADS}/{lead["id"]}">Discard my changes</a>' in rejected.html


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "one", "1.0", "9" * 40])
def test_form_without_version_changes_nothing(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any], version: str
) -> None:
    entered = {"version": version, "state": "LOST", "due_at": "2027-01-01T10:00", "first_name": "Mine"}
    forms = [form_of(agent_browser, lead["id"], end) for end in ("state", "follow-up", "followed-up")]
    for form in (*forms, edit_form(agent_browser, lead)):
        assert agent_browser.submit(form, entered).status == 409
    assert agent.get(f"/leads/{lead['id']}").body["version"] == 1


class TestOtherForms:
    """Other forms that were sent for an older version keep their input and are offered again."""

    def test_conflict_offers_a_legal_transition(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = form_of(agent_browser, lead["id"], "state")
        agent.patch(f"/leads/{lead['id']}", {"first_name": "Theirs"})
        rejected = agent_browser.submit(form, {"state": "LOST"})
        assert (rejected.status, "Move to:" in rejected.html) == (409, True)
        agent_browser.submit(form_in(rejected, lead, "state"), {"state": "LOST"})
        assert agent.get(f"/leads/{lead['id']}").body["state"] == "LOST"

    def test_conflict_reports_an_illegal_transition(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        agent.patch(f"/leads/{lead['id']}", {"state": "REACHED_OUT"})
        form = form_of(agent_browser, lead["id"], "state")
        agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
        rejected = agent_browser.submit(form, {"state": "CONVERTED"})
        assert "That is not possible from Lost." in rejected.html

    def test_conflict_keeps_follow_up_time_and_note(
        self, agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
    ) -> None:
        form = form_of(agent_browser, lead["id"], "follow-up")
        agent.post(f"/leads/{lead['id']}/follow-up", {"due_at": "2027-02-01T09:00:00Z", "note": "Theirs"})
        entered = {"due_at": "2027-03-01T10:00", "note": "Mine"}
        rejected = agent_browser.submit(form, entered)
        assert (rejected.status, "Theirs" in rejected.html, "1 Feb 2027" in rejected.html) == (
            409,
            True,
            True,
        )
        again = form_in(rejected, lead, "follow-up")
        assert again.values | entered == again.values
        agent_browser.submit(again)
        assert agent.get(f"/leads/{lead['id']}").body["follow_up_at"] == "2027-03-01T10:00:00.000000Z"

    def test_conflict_keeps_message_unsent(
        self, agent_browser: HtmlClient, agent: Client, admin: Client, lead: dict[str, Any]
    ) -> None:
        form = form_of(agent_browser, lead["id"], "followed-up")
        agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
        before = len(admin.get("/deliveries").body)
        rejected = agent_browser.submit(form, {"message": "Dear Ann,\r\nhello"})
        assert len(admin.get("/deliveries").body) == before
        assert form_in(rejected, lead, "followed-up").values["message"] == "Dear Ann,\nhello"

    def test_linking_conflict_keeps_input(
        self, agent_browser: HtmlClient, agent: Client, add_lead: AddLead, lead: dict[str, Any]
    ) -> None:
        add_lead("bob@example.com")
        form = form_of(agent_browser, lead["id"], "link")
        agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
        rejected = agent_browser.submit(form, {"duplicate_of": "bob@example.com"})
        assert form_in(rejected, lead, "link").values["duplicate_of"] == "bob@example.com"
        assert agent_browser.submit(form_in(rejected, lead, "link")).status == 303
