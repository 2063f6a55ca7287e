"""The page on which an agent corrects a rejected submission, and the badges that lead there."""

from datetime import timedelta

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.public_form import FILL_IN_SECONDS, submit_lead_form
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

pytestmark = on_sqlite
QUARANTINE = "/dashboard/quarantine"


def test_rejected_form_is_corrected_by_an_agent(public: Client, agent: Client, signed_in: SignedIn) -> None:
    wrong = {"first_name": "Ann", "email": "ann@", "budget": "<b>5000</b>", "message": "Help"}
    assert public.post("/leads", wrong).status == 422
    browser = signed_in(Role.AGENT)
    assert "1 submission is in quarantine" in browser.get("/dashboard").html
    listing = browser.get(QUARANTINE)
    assert '<span class="count">1' in listing.html
    assert "&lt;b&gt;5000" in listing.html
    [kept] = agent.get("/quarantine").body
    page = browser.get(f"{QUARANTINE}/{kept['id']}")
    form = page.form(f"{QUARANTINE}/{kept['id']}/release")
    still_wrong = browser.submit(form, {"phone": "1"})
    assert still_wrong.status == 422
    assert "Enter a phone number" in still_wrong.html
    released = browser.submit(
        still_wrong.form(f"{QUARANTINE}/{kept['id']}/release"), {"email": "ann@example.com", "phone": ""}
    )
    assert (released.status, released.location) == (303, QUARANTINE)
    assert "Ann is a lead now." in browser.get(QUARANTINE).html
    [lead] = agent.get("/leads").body
    assert (lead["email"], lead["message"]) == ("ann@example.com", "Help")
    assert "in quarantine" not in browser.get("/dashboard").html
    assert browser.get(f"{QUARANTINE}/{kept['id']}").status == 404


def test_slower_of_two_corrections_says_what_has_happened(public: Client, signed_in: SignedIn) -> None:
    public.post("/leads", {"first_name": "Ann", "email": "ann@"})
    browsers = [signed_in(role) for role in (Role.AGENT, Role.ADMIN)]
    link = browsers[0].get(QUARANTINE).link("Correct")
    forms = [browser.get(link).form(f"{link}/release") for browser in browsers]
    sent = [
        browser.submit(form, {"email": "ann@example.com"})
        for browser, form in zip(browsers, forms, strict=True)
    ]
    assert [page.status for page in sent] == [303, 404]
    assert "No longer in quarantine" in sent[1].html
    assert "Another user has released or discarded it" in sent[1].html


def test_later_success_of_the_same_form_removes_it(
    html_client: HtmlClient, agent: Client, clock: MemoryClock
) -> None:
    form = html_client.get("/")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    again = submit_lead_form(html_client, form, {"email": "ann@"})
    assert again.status == 422
    assert len(agent.get("/quarantine").body) == 1
    assert submit_lead_form(html_client, again).status == 303
    assert agent.get("/quarantine").body == []
    assert len(agent.get("/leads").body) == 1


def test_viewer_sees_no_badge(public: Client, signed_in: SignedIn) -> None:
    public.post("/leads", {"first_name": "Ann"})
    assert "in quarantine" not in signed_in(Role.VIEWER).get("/dashboard").html
