"""Every dashboard page opens for leads from every entry point, and after every action in a history.

The pages come from the URL map and the actions from their enum: a new one is covered, or fails here.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from attrs import frozen
from dependency_injector import providers
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.inputs.answers import MAX_ANSWERS
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.multipart import form as form_of_parts
from tests.support.clients.public_form import FILL_IN_SECONDS, submit_lead_form
from tests.support.clients.routes import page_routes
from tests.support.database import on_every_database
from tests.support.examples.sample_files import PDF
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

MORE_THAN_ANY_DISK = 1_000_000_000
CSV = b"first_name,last_name,email,state\nAnn,Lee,ann@example.com,CONVERTED\n"


@frozen
class Site:
    """The application, as each kind of caller reaches it. Every way to add a lead returns the lead's id."""

    container: Container
    clock: MemoryClock
    public: Client
    agent: Client
    admin: Client
    browser: HtmlClient

    def add_by_public_json(self) -> str:
        return str(self.public.post("/leads", make_fields(resume="My life.")).body["id"])

    def add_by_browser_form(self) -> str:
        page = self.browser.get("/")
        self.clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        assert submit_lead_form(self.browser, page).status == 303
        return self.latest_lead()

    def add_by_agent(self) -> str:
        return str(self.agent.post("/leads", make_fields(phone="+49 30 901820", source="ad")).body["id"])

    def add_by_import(self) -> str:
        summary = self.admin.post("/leads/import", data=CSV, content_type="text/csv").body
        assert summary["created"] == 1
        return self.latest_lead()

    def release_from_quarantine(self) -> str:
        sent = self.public.post("/leads", make_fields(leave_this_empty="x", resume="Can knit."))
        return str(self.agent.post(f"/quarantine/{sent.body['id']}/release").body["id"])

    def release_rejected_submission(self) -> str:
        assert self.public.post("/leads", {"first_name": "Ann", "email": "ann@"}).status == 422
        [rejected] = self.agent.get("/quarantine", reason="invalid").body
        corrected = {"email": "ann@example.com"}
        return str(self.agent.post(f"/quarantine/{rejected['id']}/release", corrected).body["id"])

    def add_linked_duplicate(self) -> str:
        self.add_by_agent()
        self.clock.advance(timedelta(seconds=1))
        self.public.post("/leads", make_fields(first_name="Anna"))
        duplicate = self.latest_lead()
        assert self.agent.get(f"/leads/{duplicate}").body["duplicate_of"] is not None
        return duplicate

    def enquire_again(self) -> str:
        self.add_linked_duplicate()
        [primary] = self.agent.get("/leads").body
        return str(primary["id"])

    def unlink_duplicate(self) -> str:
        duplicate = self.add_linked_duplicate()
        changes = {"email": "anna@example.com", "duplicate_of": None}
        assert self.agent.patch(f"/leads/{duplicate}", changes).status == 200
        return duplicate

    def mark_as_duplicate(self) -> str:
        primary = self.add_by_agent()
        other = str(self.agent.post("/leads", make_fields("bob@example.com")).body["id"])
        assert self.agent.patch(f"/leads/{other}", {"duplicate_of": primary}).status == 200
        return other

    def send_too_many_inputs(self) -> str:
        inputs = {f"question {number}": "yes" for number in range(MAX_ANSWERS + 1)}
        assert self.public.post("/leads", make_fields(**inputs)).status == 201
        return self.latest_lead()

    def edit(self) -> str:
        return self._patched({"message": "Hello.\nAgain.", "source": None})

    def change_state(self) -> str:
        return self._patched({"state": "REACHED_OUT"})

    def add_note(self) -> str:
        return self._posted("notes", {"note": "Called."})

    def correct_note(self) -> str:
        lead_id = self.add_note()
        note = self.admin.get(f"/leads/{lead_id}/history").body[-1]["id"]
        assert self.agent.patch(f"/leads/{lead_id}/notes/{note}", {"note": "Wrote."}).status == 200
        return lead_id

    def set_hold(self) -> str:
        lead_id = self.add_by_agent()
        hold = {"reason": "Lawsuit 12 O 345/26"}
        assert self.agent.put(f"/leads/{lead_id}/hold", hold).status == 200
        return lead_id

    def clear_hold(self) -> str:
        lead_id = self.set_hold()
        assert self.agent.delete(f"/leads/{lead_id}/hold").status == 204
        return lead_id

    def schedule_follow_up(self) -> str:
        return self._posted("follow-up", {"due_at": "2026-12-01T08:30:00Z", "note": "Ask for papers."})

    def set_owner(self) -> str:
        self.container.manage_users().add(OPERATOR, "zoe", Role.AGENT, PHRASE)
        return self._patched({"owner": "zoe"})

    def send_files_to_a_full_disk(self) -> str:
        settings = self.container.settings()
        full = settings.model_copy(update={"min_free_disk_mb": MORE_THAN_ANY_DISK})
        container = Container(settings=full)
        container.clock.override(providers.Object(self.clock))
        body = lead_form(file_part(PDF + bytes(100_000), "cv.pdf"))
        client = Client.of(create_app(container))
        lead_id = client.request("POST", "/leads", data=body, content_type=MULTIPART).body["id"]
        container.dialect().close()
        return str(lead_id)

    def send_mail(self) -> str:
        lead_id = self.add_by_public_json()
        assert list(self.container.deliver_notifications().mail())
        return lead_id

    def replace_resume(self) -> str:
        lead_id = self.add_by_public_json()
        body = form_of_parts(file_part(PDF, "cv.pdf"))
        sent = self.agent.request("PUT", f"/leads/{lead_id}/resume", data=body, content_type=MULTIPART)
        assert sent.status == 204
        return lead_id

    def erase(self) -> str:
        lead_id = self.add_by_public_json()
        assert self.admin.delete(f"/leads/{lead_id}").status == 204
        return lead_id

    def latest_lead(self) -> str:
        """Return the id of the lead that was stored last."""
        return str(self.agent.get("/leads", duplicates="include").body[0]["id"])

    def actions_of(self, lead_id: str) -> set[Action]:
        """Read the actions in the history of a lead; a lead that was erased keeps its history."""
        with self.container.unit_of_work().read_only() as tx:
            return {entry.action for entry in tx.history.of(lead_id)}

    def _patched(self, changes: Mapping[str, Any]) -> str:
        lead_id = self.add_by_agent()
        assert self.agent.patch(f"/leads/{lead_id}", changes).status == 200
        return lead_id

    def _posted(self, path: str, body: Mapping[str, Any]) -> str:
        lead_id = self.add_by_agent()
        assert self.agent.post(f"/leads/{lead_id}/{path}", body).status == 201
        return lead_id


ENTRY_POINTS: tuple[Callable[[Site], str], ...] = (
    Site.add_by_public_json,
    Site.add_by_browser_form,
    Site.add_by_agent,
    Site.add_by_import,
    Site.release_from_quarantine,
    Site.release_rejected_submission,
    Site.add_linked_duplicate,
    Site.mark_as_duplicate,
    Site.unlink_duplicate,
)
ACTIONS: Mapping[Action, Callable[[Site], str]] = MappingProxyType(
    {
        Action.CREATED: Site.add_by_public_json,
        Action.OWNER_CHANGED: Site.set_owner,
        Action.FILES_REJECTED: Site.send_files_to_a_full_disk,
        Action.IMPORTED: Site.add_by_import,
        Action.INPUTS_LEFT_OUT: Site.send_too_many_inputs,
        Action.EDITED: Site.edit,
        Action.STATE_CHANGED: Site.change_state,
        Action.NOTE_ADDED: Site.add_note,
        Action.NOTE_CORRECTED: Site.correct_note,
        Action.FOLLOW_UP: Site.schedule_follow_up,
        Action.MAIL_SENT: Site.send_mail,
        Action.RELEASED: Site.release_from_quarantine,
        Action.RESUME_ADDED: Site.replace_resume,
        Action.ENQUIRED_AGAIN: Site.enquire_again,
        Action.DUPLICATE_LINKED: Site.mark_as_duplicate,
        Action.DUPLICATE_UNLINKED: Site.unlink_duplicate,
        Action.HOLD_SET: Site.set_hold,
        Action.HOLD_CLEARED: Site.clear_hold,
        Action.ERASED: Site.erase,
    }
)


@pytest.fixture
def site(
    container: Container,
    clock: MemoryClock,
    public: Client,
    agent: Client,
    admin: Client,
    html_client: HtmlClient,
) -> Site:
    return Site(container, clock, public, agent, admin, html_client)


@pytest.fixture
def statuses(app: Flask, signed_in: SignedIn) -> Callable[[str], dict[str, int]]:
    """Opens every dashboard page as an admin, those of one lead among them, and returns the statuses."""
    templates = sorted(
        path for method, path in page_routes(app) if method == "GET" and path.startswith("/dashboard")
    )

    def open_all(lead_id: str) -> dict[str, int]:
        admin = signed_in(Role.ADMIN)
        names = {"lead_id": lead_id, "user": Role.ADMIN, "quarantined_lead_id": lead_id, "attachment_id": "1"}
        names |= {"file_id": "unknown", "import_id": "unknown", "week": "2026-W01"}
        return {path: admin.get(path.format(**names)).status for path in templates}

    return open_all


def expected(pages: Mapping[str, int], lead: Mapping[str, Any] | None) -> dict[str, int]:
    """Expect every page, except those of a lead that was erased and those of a resume that does not exist."""
    resume = (lead or {}).get("resume")
    is_missing = {path: lead is None for path in pages if "{lead_id}" in path} | {
        "/dashboard/leads/{lead_id}/resume": resume is None,
        **{
            path: True
            for path in pages
            if any(name in path for name in ("{file_id}", "{import_id}", "{week}"))
        },
        "/dashboard/leads/{lead_id}/attachments/{attachment_id}": True,  # no entry point sends any
        "/dashboard/quarantine/{quarantined_lead_id}": True,  # the lead was released
        "/dashboard/leads/{lead_id}/resume/text": resume is None or resume["content_type"] != "text/plain",
    }
    return {path: 404 if is_missing.get(path) else 200 for path in pages}


@on_every_database
@pytest.mark.parametrize("add", ENTRY_POINTS, ids=lambda add: add.__name__)
def test_every_page_opens_for_leads_from(
    site: Site, statuses: Callable[[str], dict[str, int]], add: Callable[[Site], str]
) -> None:
    lead_id = add(site)
    pages = statuses(lead_id)
    assert len(pages) > 15
    assert pages == expected(pages, site.agent.get(f"/leads/{lead_id}").body)


@pytest.mark.parametrize("action", Action)
def test_every_page_opens_after(
    site: Site, statuses: Callable[[str], dict[str, int]], action: Action
) -> None:
    lead_id = ACTIONS[action](site)
    assert action in site.actions_of(lead_id)
    pages = statuses(lead_id)
    lead = None if action is Action.ERASED else site.agent.get(f"/leads/{lead_id}").body
    assert pages == expected(pages, lead)
