"""The register of consents: text, version, time, form and language of each."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import LEADS, SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.public_form import FILL_IN_SECONDS, submit_lead_form
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

TEXT = "I agree & more."
CONSENT = {"consent": "yes"}


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(consent_text=TEXT)


@pytest.fixture
def html_client(app: Flask) -> HtmlClient:
    return HtmlClient.of(app)


def fill_in(client: HtmlClient, clock: MemoryClock, path: str = "/", **fields: str) -> HtmlPage:
    """Open the form, wait as long as a person needs, and send it."""
    page = client.get(path)
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    return submit_lead_form(client, page, CONSENT | fields)


def exported(admin: Client, email: str = "ann@example.com") -> dict[str, Any]:
    [lead] = admin.get("/leads", email=email).body
    person: dict[str, Any] = admin.get(f"/leads/{lead['id']}/export").body
    return person


@on_every_database
def test_consent_is_in_the_personal_data_export(
    html_client: HtmlClient, admin: Client, clock: MemoryClock
) -> None:
    assert fill_in(html_client, clock, "/?lang=de").status == 303
    person = exported(admin)
    assert person["consent"] == {
        "text": TEXT,
        "version": 1,
        "at": person["lead"]["created_at"],
        "form": "page",
        "language": "de",
    }


@on_sqlite
def test_embedded_form_and_each_enquiry_have_their_own(
    html_client: HtmlClient, admin: Client, clock: MemoryClock
) -> None:
    for path in ("/", "/form/embed"):
        assert fill_in(html_client, clock, path).status == 303
    person = exported(admin)
    assert person["consent"]["form"] == "page"
    assert [one["consent"]["form"] for one in person["duplicates"]] == ["embedded"]


@on_sqlite
def test_leads_of_other_ways_have_none(admin: Client, public: Client, agent: Client) -> None:
    public.post("/leads", make_fields("a@example.com", consent="yes"))
    agent.post("/leads", make_fields("b@example.com", consent="yes"))
    for email in ("a@example.com", "b@example.com"):
        person = exported(admin, email)
        assert person["consent"] is None
        assert person["lead"]["answers"] == {"consent": "yes"}


@on_sqlite
def test_changed_text_is_a_new_version_and_is_shown_before_it_counts(
    html_client: HtmlClient, admin: Client, clock: MemoryClock, make_container: MakeContainer
) -> None:
    assert fill_in(html_client, clock, email="a@example.com").status == 303
    open_form = html_client.get("/")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    changed = HtmlClient.of(create_app(make_container(consent_text="I agree to more.")))
    shown_again = submit_lead_form(changed, open_form, CONSENT | {"email": "b@example.com"})
    assert shown_again.status == 422
    assert "I agree to more." in shown_again.html
    assert "This text has changed" in shown_again.html
    assert not shown_again.form("/leads").values.get("consent")
    assert submit_lead_form(changed, shown_again, CONSENT | {"email": "b@example.com"}).status == 303
    texts = [exported(admin, email)["consent"] for email in ("a@example.com", "b@example.com")]
    assert [(one["version"], one["text"]) for one in texts] == [(1, TEXT), (2, "I agree to more.")]


@on_sqlite
def test_released_lead_has_the_consent_of_its_submission(
    html_client: HtmlClient, admin: Client, clock: MemoryClock
) -> None:
    page = html_client.get("/form/embed")
    assert submit_lead_form(html_client, page, CONSENT).status == 303  # too fast
    [quarantined] = admin.get("/quarantine").body
    clock.advance(timedelta(days=1))
    admin.post(f"/quarantine/{quarantined['id']}/release")
    consent = exported(admin)["consent"]
    assert (consent["text"], consent["form"], consent["at"]) == (TEXT, "embedded", quarantined["received_at"])


@on_every_database
def test_consent_is_erased_with_person(
    html_client: HtmlClient, admin: Client, clock: MemoryClock, container: Container
) -> None:
    fill_in(html_client, clock)
    lead_id = exported(admin)["lead"]["id"]
    assert admin.delete(f"/leads/{lead_id}").status == 204
    with container.unit_of_work().read_only() as tx:
        assert tx.consents.of(lead_id) is None


@on_sqlite
def test_page_of_lead_shows_consent(
    html_client: HtmlClient, clock: MemoryClock, admin: Client, signed_in: SignedIn
) -> None:
    fill_in(html_client, clock, "/form/embed?lang=fr")
    lead_id = exported(admin)["lead"]["id"]
    html = signed_in(Role.VIEWER).get(f"{LEADS}/{lead_id}").html
    assert "I agree &amp; more." in html
    assert "Embedded form" in html
    assert "Version 1" in html
