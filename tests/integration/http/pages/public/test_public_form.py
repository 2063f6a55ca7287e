"""The form for anonymous clients, without JavaScript."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dependency_injector import providers
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.intake.form_token import FORM_TOKEN_LIFETIME
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.clients.public_form import (
    BROWSER,
    FILL_IN_SECONDS,
    get_only_lead,
    submit_form_from_other_site,
    submit_lead_form,
)
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.sample_files import HTML, PDF
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

Open = Callable[..., HtmlPage]
FORM_VALUES = {
    "first_name": "Zoë <b>",
    "last_name": 'O"Neil',
    "phone": "+49 30 901820",
    "message": "\nOne\nTwo & three",
}


@pytest.fixture
def open_form(html_client: HtmlClient, clock: MemoryClock) -> Open:
    """Loads the form, and waits as long as a user needs to fill it in."""

    def open_it(path: str = "/", **more: Any) -> HtmlPage:
        seen = html_client.get(path, **more)
        clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        return seen

    return open_it


@on_every_database
def test_submitted_form_creates_a_lead(html_client: HtmlClient, viewer: Client, open_form: Open) -> None:
    sent = submit_lead_form(html_client, open_form(), {**FORM_VALUES, "resume": (io.BytesIO(PDF), "cv.pdf")})
    assert (sent.status, sent.location) == (303, "/thanks")
    assert html_client.get(sent.location).title == "Thank you · LeadTracker"
    lead = get_only_lead(viewer)
    assert (lead["first_name"], lead["message"], lead["source"]) == ("Zoë <b>", "One\nTwo & three", None)
    assert viewer.get(lead["resume"]["url"]).body == PDF


@on_every_database
def test_resubmission_creates_one_lead(html_client: HtmlClient, raw_db: RawDatabase, open_form: Open) -> None:
    page = open_form()
    assert [submit_lead_form(html_client, page).location for _ in range(3)] == ["/thanks"] * 3
    assert raw_db.count("leads") == 1


@on_sqlite
def test_public_pages_set_no_cookie(html_client: HtmlClient, open_form: Open) -> None:
    pages = [open_form(), html_client.get("/thanks"), html_client.get("/form/embed")]
    pages += [
        submit_lead_form(html_client, pages[0], {"email": "unknown"}),
        submit_lead_form(html_client, pages[0]),
    ]
    assert all("Set-Cookie" not in seen.response.headers for seen in pages)
    assert {seen.response.headers["X-Frame-Options"] for seen in pages[:4]} == {"DENY"}
    assert all("Cookie" not in seen.response.headers.get("Vary", "") for seen in pages)


def test_input_is_kept_after_an_error(html_client: HtmlClient, viewer: Client, open_form: Open) -> None:
    page = open_form()
    wrong = submit_lead_form(
        html_client, page, {**FORM_VALUES, "email": "zoe at home", "resume": (io.BytesIO(PDF), "cv.pdf")}
    )
    assert (wrong.status, wrong.title) == (422, "Please check your message · LeadTracker")
    values = wrong.form("/leads").values
    assert {name: values[name] for name in FORM_VALUES} == {
        **FORM_VALUES,
        "message": "\n" + FORM_VALUES["message"],  # browsers drop the first line break of a textarea
    }
    assert values["email"] == "zoe at home"
    assert '<a href="#email">E-mail address</a>: Enter an e-mail address such as' in wrong.html
    assert 'aria-describedby="hint-email error-email" aria-invalid="true"' in wrong.html
    assert "Please choose your files again." in wrong.html
    corrected = submit_lead_form(html_client, wrong, {**FORM_VALUES, "email": "zoe@example.com"})
    assert (corrected.status, get_only_lead(viewer)["email"]) == (303, "zoe@example.com")


@on_sqlite
def test_word_for_nothing_is_shown_once(html_client: HtmlClient, open_form: Open) -> None:
    wrong = submit_lead_form(html_client, open_form(), {**FORM_VALUES, "email": "unknown", "phone": "n/a"})
    assert wrong.form("/leads").values["email"] == "unknown"
    assert [wrong.html.count(f'name="{name}"') for name in ("email", "phone")] == [1, 1]


@on_sqlite
def test_second_value_comes_after_field(html_client: HtmlClient, open_form: Open) -> None:
    wrong = submit_lead_form(
        html_client,
        open_form(),
        {**FORM_VALUES, "first_name": "", "last_name": ["", "Ng"], "email": ["x@", "b@c.de"]},
    )
    assert wrong.html.index('id="email"') < wrong.html.index('<textarea name="email" hidden>b@c.de')


@on_sqlite
def test_errors_follow_the_form_order(html_client: HtmlClient, open_form: Open) -> None:
    wrong = submit_lead_form(
        html_client,
        open_form(),
        {
            "first_name": " ",
            "last_name": " ",
            "email": "x@",
            "phone": "x" * 50,
            "resume": (io.BytesIO(HTML), "cv.pdf"),
        },
    )
    names = ("first_name", "email", "phone", "resume")
    places = [wrong.html.index(f'<a href="#{name}">') for name in names]
    assert places == sorted(places)
    assert wrong.html.count('aria-invalid="true"') == len(names)


@on_sqlite
@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_too_large_file_keeps_the_input(make_container: MakeContainer, size: int) -> None:
    app = create_app(make_container(max_upload_mb=1))
    large = form(*fields_of(FORM_VALUES), file_part(PDF + bytes(size)))
    wrong = HtmlPage(app.test_client().post("/leads", data=large, headers=BROWSER, content_type=MULTIPART))
    assert (wrong.status, "must not be larger than 1 MB" in wrong.html) == (413, True)
    assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]


def test_expired_form_can_be_resubmitted(
    html_client: HtmlClient, raw_db: RawDatabase, clock: MemoryClock, open_form: Open
) -> None:
    page = open_form()
    clock.advance(FORM_TOKEN_LIFETIME)
    stale = submit_lead_form(html_client, page, FORM_VALUES)
    assert (stale.status, stale.form("/leads").values["last_name"]) == (422, FORM_VALUES["last_name"])
    assert "open for more than a day" in stale.html
    assert html_client.submit(stale.form("/leads"), headers={"Accept": "text/html"}).status == 303
    assert (raw_db.count("leads"), raw_db.count("quarantine")) == (1, 0)


def test_other_statuses_show_the_form(html_client: HtmlClient, raw_db: RawDatabase, open_form: Open) -> None:
    page = open_form()
    submit_lead_form(html_client, page)
    other = submit_lead_form(html_client, page, {"message": "Another thing."})
    assert (other.status, "already received this form" in other.html) == (422, True)
    assert (raw_db.count("leads"), raw_db.count("rejected_submissions")) == (1, 1)
    assert html_client.submit(other.form("/leads"), headers={"Accept": "text/html"}).status == 303
    assert (raw_db.count("leads"), raw_db.count("rejected_submissions")) == (2, 0)


@on_sqlite
@pytest.mark.parametrize(
    ("path", "referrer", "source"),
    [
        ("/", None, None),
        ("/", "https://www.example.com/page?secret", "www.example.com"),
        ("/", "http://localhost/thanks", None),
        ("/", "https://[broken", None),
        (
            "/?utm_source=google&utm_medium=cpc&utm_campaign=spring",
            "https://g.example/",
            "google / cpc / spring",
        ),
        ("/?utm_source=a%0Ab%00", None, "a b"),
        ("/?source=flyer&utm_source=google", None, "flyer"),
        ("/form/embed?utm_campaign=" + "x" * 300, None, "x" * 200),
    ],
)
def test_source_is_derived_from_request(
    html_client: HtmlClient,
    viewer: Client,
    open_form: Open,
    path: str,
    referrer: str | None,
    source: str | None,
) -> None:
    page = open_form(path, headers={"Referer": referrer} if referrer else {})
    assert submit_lead_form(html_client, page, headers={"Referer": "http://localhost/"}).status == 303
    assert get_only_lead(viewer)["source"] == source


CONSENT = "I agree & more: https://firm.example/privacy"


class TestConsent:
    @pytest.fixture
    def app(self, make_container: MakeContainer) -> Flask:
        return create_app(make_container(consent_text=CONSENT, organisation="Lee & Partners"))

    def test_consent_is_recorded(self, html_client: HtmlClient, viewer: Client, open_form: Open) -> None:
        page = open_form()
        assert 'I agree &amp; more: <a href="https://firm.example/privacy"' in page.html
        assert page.title == "Contact us · Lee & Partners"
        rejected = submit_lead_form(html_client, page)
        assert (rejected.status, '<a href="#consent">' in rejected.html) == (422, True)
        assert submit_lead_form(html_client, rejected, {"consent": "yes"}).status == 303
        [created] = viewer.get(f"/leads/{get_only_lead(viewer)['id']}/history").body
        assert (created["action"], created["note"]) == ("created", CONSENT)

    @on_sqlite
    def test_consent_is_optional_for_other_forms(self, html_client: HtmlClient, public: Client) -> None:
        assert submit_form_from_other_site(html_client, make_fields("a@example.com")).status == 303
        assert public.post("/leads", make_fields("b@example.com")).status == 201


@on_sqlite
class TestTrouble:
    def test_storage_failure_keeps_input(
        self, html_client: HtmlClient, raw_db: RawDatabase, open_form: Open
    ) -> None:
        page = open_form()
        raw_db.execute("ALTER TABLE leads RENAME TO gone")
        wrong = submit_lead_form(html_client, page, FORM_VALUES)
        assert (wrong.status, "cannot store your message" in wrong.html) == (503, True)
        assert wrong.response.headers["Retry-After"]
        assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]
        raw_db.execute("ALTER TABLE gone RENAME TO leads")
        assert submit_lead_form(html_client, wrong, FORM_VALUES).status == 303

    def test_unexpected_error_shows_its_request_id(self, container: Container) -> None:
        container.phones.override(providers.Object(object()))
        html_client = HtmlClient.of(create_app(container))
        wrong = submit_lead_form(html_client, html_client.get("/"), FORM_VALUES)
        assert wrong.status == 500
        assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]
        assert wrong.response.headers["X-Request-ID"] in wrong.html

    @pytest.mark.parametrize(
        ("content_type", "status"),
        [("text/plain", 415), ("multipart/form-data", 400), ("multipart/form-data; boundary=x", 400)],
    )
    def test_malformed_form_shows_the_form(
        self, html_client: HtmlClient, content_type: str, status: int
    ) -> None:
        seen = html_client.post("/leads", b"x", headers={"Accept": "text/html"}, content_type=content_type)
        assert (seen.status, seen.form("/leads").method) == (status, "POST")
