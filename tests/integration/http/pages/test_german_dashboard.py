"""In German, no dashboard page shows an English sentence."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields, make_lead
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.routes import page_routes
from tests.support.clients.visible_text import untranslated
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

GERMAN = {"Accept-Language": "de"}
SAME_IN_BOTH = {
    "Admin",
    "Board",
    "Browser",
    "CSV",
    "Dashboard",
    "Import",
    "Lead",
    "LeadTracker",
    "Leads",
    "Name",
    "Status",
    "admin",
    "agent",
    "cursor",
    "email",
    "first_name",
    "operator",
    "LeadTracker,",
}
"""Words that German shares with English, and names in the API and in the history."""

ENTERED = (
    *("Zoë", "Okafor", "Ann Lee", "zzz", "late", "@", "+49", "resume.txt", "with an API key", "website"),
    *("UTC", "LEADTRACKER_", "leadtracker backup"),
)
"""Parts of what was entered, and of file names and addresses."""

SAME = re.compile(r"(?:\d{4}-)?W\d\d|\d+ k?B$|[A-Z2-7]{32}$|[0-9a-f]{32}$")
"""The name of an ISO week, a size, the secret of a second factor, or the id of a lead."""

Open = Callable[[str, Mapping[str, str] | None], HtmlPage]


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(retention="LOST=24,PENDING=1")


@pytest.fixture
def open_page(signed_in: SignedIn) -> Open:
    """Opens a page as an admin."""
    admin: HtmlClient = signed_in(Role.ADMIN)
    return admin.get


@pytest.fixture
def ids(
    container: Container, clock: MemoryClock, public: Client, agent: Client, admin: Client
) -> dict[str, str]:
    """The ids in URLs, of records that fill every page."""
    fields: dict[str, Any] = {"first_name": "Zoë", "last_name": "Okafor", "message": "zzz", "source": "zzz"}
    lead = agent.post("/leads", make_fields(**fields, phone="+49 30 901820", resume="zzz")).body["id"]
    clock.advance(timedelta(seconds=1))
    public.post("/leads", make_fields(**fields))
    agent.post(f"/leads/{lead}/notes", {"note": "zzz"})
    agent.patch(f"/leads/{lead}", {"state": "REACHED_OUT"})
    agent.put(f"/leads/{lead}/hold", {"reason": "zzz"})
    agent.post(f"/leads/{lead}/follow-up", {"due_at": "2020-12-01T08:30:00Z", "note": "zzz"})
    quarantined = public.post("/leads", make_fields("zzz@example.com", **fields, leave_this_empty="x"))
    public.post("/leads", {"first_name": "Zoë", "email": "zzz@"})
    admin.post("/api-keys", {"name": "website", "role": "agent"})
    list(container.deliver_notifications().mail())
    week = container.schedule_report()(OPERATOR, None).week
    with container.unit_of_work()() as tx:
        tx.leads.add(make_lead("late", "late@example.com", week.start))
        tx.commit()
    return {
        "week": week.name,
        "lead_id": lead,
        "user": Role.ADMIN,
        "quarantined_lead_id": quarantined.body["id"],
        "attachment_id": "1",
        "file_id": "unknown",
        "import_id": "unknown",
    }


def english_leftovers(open_page: Open, path: str) -> set[str]:
    """Return the texts that a page shows in both languages, except for what was entered."""
    pages = [open_page(path, headers) for headers in ({"Accept-Language": "en"}, GERMAN)]
    if "text/html" not in pages[0].response.content_type or not pages[0].html:
        return set()  # a file, or an empty part of a page
    assert '<html lang="de"' in pages[1].html
    left = untranslated(*(page.html for page in pages))
    texts = {text.removesuffix(" · LeadTracker") for text in left if not SAME.match(text)} - SAME_IN_BOTH
    return {text for text in texts if not any(part in text for part in ENTERED)}


@on_sqlite
@pytest.mark.parametrize("end", ["", "?limit=0&created_from=x&state=zzz&sort=zzz&cursor=zzz&columns=zzz"])
def test_german_page_has_no_english_text(app: Flask, open_page: Open, ids: dict[str, str], end: str) -> None:
    paths = sorted(
        path for method, path in page_routes(app) if method == "GET" and path.startswith("/dashboard")
    )
    assert len(paths) > 15
    left = {path: english_leftovers(open_page, path.format(**ids) + end) for path in paths}
    assert {path: texts for path, texts in left.items() if texts} == {}
