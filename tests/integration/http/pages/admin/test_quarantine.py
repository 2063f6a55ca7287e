"""The quarantine page."""

import re
from datetime import timedelta

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase


def quarantine(public: Client, email: str = "ann@example.com", **fields: object) -> str:
    """Send a submission that looks like spam, and return its id."""
    body = public.post("/leads", make_fields(email, leave_this_empty="x", **fields)).body
    return str(body["id"])


def test_quarantined_lead_is_decided(public: Client, signed_in: SignedIn, raw_db: RawDatabase) -> None:
    quarantine(public, "spam@example.com", message="<script>alert(1)</script>")
    quarantined_id = quarantine(public, "ann@example.com", message="Please help\nme.", resume="Can knit.")
    agent = signed_in(Role.AGENT)
    shown = agent.get("/dashboard/quarantine")
    assert "<script>alert" not in shown.html
    assert "&lt;script&gt;alert(1)" in shown.html
    assert "resume.txt" in shown.html
    released = agent.submit(shown.form(f"/dashboard/quarantine/{quarantined_id}/release"))
    assert (released.status, released.location) == (303, "/dashboard/quarantine")
    rest = agent.get("/dashboard/quarantine")
    assert "Ann Lee is a lead now." in rest.html
    assert "<strong>Released from quarantine</strong>" in agent.get(f"/dashboard/leads/{quarantined_id}").html
    assert [form.action.split("/")[-1] for form in rest.forms if "quarantine" in form.action] == [
        "release",
        "discard",
    ]
    [discard] = [form for form in rest.forms if form.action.endswith("discard")]
    assert agent.submit_and_answer(discard).status == 303
    assert "Nothing looks like spam, and nothing was rejected." in agent.get("/dashboard/quarantine").html
    assert (raw_db.count("leads"), raw_db.count("quarantine")) == (1, 0)


def test_decided_entry_is_not_found(public: Client, signed_in: SignedIn) -> None:
    quarantine(public)
    agent = signed_in(Role.AGENT)
    shown = agent.get("/dashboard/quarantine")
    [discard] = [form for form in shown.forms if form.action.endswith("discard")]
    assert [agent.submit_and_answer(discard).status for _ in range(2)] == [303, 404]


def test_older_entries_are_on_next_page(public: Client, signed_in: SignedIn, clock: MemoryClock) -> None:
    for number in range(3):
        quarantine(public, f"p{number}@example.com")
        clock.advance(timedelta(seconds=1))
    agent = signed_in(Role.AGENT)
    seen, path = [], "/dashboard/quarantine?limit=2"
    while path:
        html = agent.get(path).html
        seen += re.findall(r"p\d@example.com", html)
        older = re.search(r'href="(/dashboard/quarantine\?cursor=[^"]*)"', html)
        path = older[1] if older else ""
    assert seen == ["p2@example.com", "p1@example.com", "p0@example.com"]
