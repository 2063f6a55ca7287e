"""The public form: what somebody without JavaScript and without an account gets."""

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
from tests.support.files import HTML, PDF
from tests.support.forms import MULTIPART, fields_of, file_part, form
from tests.support.html_client import Seen, Visitor
from tests.support.http import Client
from tests.support.kinds import on_sqlite
from tests.support.memory.clock import MemoryClock
from tests.support.public import BROWSER, LONG_ENOUGH, only_lead, send_foreign_form, send_form
from tests.support.raw_database import BackDoor

Open = Callable[..., Seen]
FORM_VALUES = {
    "first_name": "Zoë <b>",
    "last_name": 'O"Neil',
    "phone": "+49 30 901820",
    "message": "\nOne\nTwo & three",
}


@pytest.fixture
def open_form(visitor: Visitor, clock: MemoryClock) -> Open:
    """Opens the form, and takes the time that a person takes."""

    def open_it(path: str = "/", **more: Any) -> Seen:
        seen = visitor.get(path, **more)
        clock.advance(timedelta(seconds=LONG_ENOUGH))
        return seen

    return open_it


def test_what_is_sent_with_the_form_is_a_lead(visitor: Visitor, viewer: Client, open_form: Open) -> None:
    sent = send_form(visitor, open_form(), {**FORM_VALUES, "resume": (io.BytesIO(PDF), "cv.pdf")})
    assert (sent.status, sent.location) == (303, "/thanks")
    assert visitor.get(sent.location).title == "Thank you · LeadTracker"
    lead = only_lead(viewer)
    assert (lead["first_name"], lead["message"], lead["source"]) == ("Zoë <b>", "One\nTwo & three", None)
    assert viewer.get(lead["resume"]["url"]).body == PDF


def test_a_double_click_and_a_reload_are_one_lead(
    visitor: Visitor, back_door: BackDoor, open_form: Open
) -> None:
    page = open_form()
    assert [send_form(visitor, page).location for _ in range(3)] == ["/thanks"] * 3
    assert back_door.count("leads") == 1


@on_sqlite
def test_the_pages_set_no_cookie(visitor: Visitor, open_form: Open) -> None:
    pages = [open_form(), visitor.get("/thanks"), visitor.get("/form/embed")]
    pages += [send_form(visitor, pages[0], {"email": "nobody"}), send_form(visitor, pages[0])]
    assert all("Set-Cookie" not in seen.response.headers for seen in pages)
    assert {seen.response.headers["X-Frame-Options"] for seen in pages[:4]} == {"DENY"}
    assert all("Cookie" not in seen.response.headers.get("Vary", "") for seen in pages)


def test_what_was_typed_stays_where_something_is_wrong(
    visitor: Visitor, viewer: Client, open_form: Open
) -> None:
    page = open_form()
    wrong = send_form(
        visitor, page, {**FORM_VALUES, "email": "nobody", "resume": (io.BytesIO(PDF), "cv.pdf")}
    )
    assert (wrong.status, wrong.title) == (422, "Please check your message · LeadTracker")
    values = wrong.form("/leads").values
    assert {name: values[name] for name in FORM_VALUES} == {
        **FORM_VALUES,
        "message": "\n" + FORM_VALUES["message"],  # of which a browser drops the first line break
    }
    assert values["email"] == "nobody"
    assert '<a href="#email">E-mail address must be an e-mail address' in wrong.html
    assert 'aria-describedby="error-email" aria-invalid="true"' in wrong.html
    assert "Please choose your file again." in wrong.html
    mended = send_form(visitor, wrong, {**FORM_VALUES, "email": "zoe@example.com"})
    assert (mended.status, only_lead(viewer)["email"]) == (303, "zoe@example.com")


@on_sqlite
def test_every_bad_field_is_named_in_the_order_of_the_form(visitor: Visitor, open_form: Open) -> None:
    wrong = send_form(
        visitor,
        open_form(),
        {"first_name": " ", "email": "", "phone": "x" * 50, "resume": (io.BytesIO(HTML), "cv.pdf")},
    )
    names = ("first_name", "email", "phone", "resume")
    places = [wrong.html.index(f'<a href="#{name}">') for name in names]
    assert places == sorted(places)
    assert wrong.html.count('aria-invalid="true"') == len(names)


@on_sqlite
@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
def test_beside_a_file_that_is_too_large_what_was_typed_stays(
    make_container: MakeContainer, size: int
) -> None:
    app = create_app(make_container(max_upload_mb=1))
    large = form(*fields_of(FORM_VALUES), file_part(PDF + bytes(size)))
    wrong = Seen(app.test_client().post("/leads", data=large, headers=BROWSER, content_type=MULTIPART))
    assert (wrong.status, "must not be larger than 1 MB" in wrong.html) == (413, True)
    assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]


def test_a_form_that_lay_open_for_too_long_is_shown_again_and_can_be_sent_at_once(
    visitor: Visitor, back_door: BackDoor, clock: MemoryClock, open_form: Open
) -> None:
    page = open_form()
    clock.advance(FORM_TOKEN_LIFETIME)
    stale = send_form(visitor, page, FORM_VALUES)
    assert (stale.status, stale.form("/leads").values["last_name"]) == (422, FORM_VALUES["last_name"])
    assert "more than a day old" in stale.html
    assert visitor.submit(stale.form("/leads"), headers={"Accept": "text/html"}).status == 303
    assert (back_door.count("leads"), back_door.count("quarantine")) == (1, 0)


def test_a_form_sent_again_with_other_values_needs_confirmation(
    visitor: Visitor, back_door: BackDoor, open_form: Open
) -> None:
    page = open_form()
    send_form(visitor, page)
    other = send_form(visitor, page, {"message": "Another thing."})
    assert (other.status, "already received this form" in other.html) == (422, True)
    assert back_door.count("leads") == 1
    assert visitor.submit(other.form("/leads"), headers={"Accept": "text/html"}).status == 303
    assert back_door.count("leads") == 2


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
def test_where_somebody_comes_from(
    visitor: Visitor, viewer: Client, open_form: Open, path: str, referrer: str | None, source: str | None
) -> None:
    page = open_form(path, headers={"Referer": referrer} if referrer else {})
    assert send_form(visitor, page, headers={"Referer": "http://localhost/"}).status == 303
    assert only_lead(viewer)["source"] == source


class TestConsent:
    @pytest.fixture
    def app(self, make_container: MakeContainer) -> Flask:
        return create_app(make_container(consent_text="I agree & more.", organisation="Lee & Partners"))

    def test_our_own_form_asks_for_it_and_it_is_kept(
        self, visitor: Visitor, viewer: Client, open_form: Open
    ) -> None:
        page = open_form()
        assert "I agree &amp; more." in page.html
        assert page.title == "Contact us · Lee & Partners"
        rejected = send_form(visitor, page)
        assert (rejected.status, '<a href="#consent">' in rejected.html) == (422, True)
        assert send_form(visitor, rejected, {"consent": "yes"}).status == 303
        [created] = viewer.get(f"/leads/{only_lead(viewer)['id']}/history").body
        assert (created["action"], created["note"]) == ("created", "I agree & more.")

    @on_sqlite
    def test_others_ask_by_themselves(self, visitor: Visitor, public: Client) -> None:
        assert send_foreign_form(visitor, make_fields("a@example.com")).status == 303
        assert public.post("/leads", make_fields("b@example.com")).status == 201


@on_sqlite
class TestTrouble:
    def test_without_storage_what_was_typed_stays(
        self, visitor: Visitor, back_door: BackDoor, open_form: Open
    ) -> None:
        page = open_form()
        back_door.execute("ALTER TABLE leads RENAME TO gone")
        wrong = send_form(visitor, page, FORM_VALUES)
        assert (wrong.status, "cannot store your message" in wrong.html) == (503, True)
        assert wrong.response.headers["Retry-After"]
        assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]
        back_door.execute("ALTER TABLE gone RENAME TO leads")
        assert send_form(visitor, wrong, FORM_VALUES).status == 303

    def test_a_bug_is_told_by_its_number(self, container: Container) -> None:
        container.phones.override(providers.Object(object()))
        visitor = Visitor.of(create_app(container))
        wrong = send_form(visitor, visitor.get("/"), FORM_VALUES)
        assert wrong.status == 500
        assert wrong.form("/leads").values["last_name"] == FORM_VALUES["last_name"]
        assert wrong.response.headers["X-Request-ID"] in wrong.html

    @pytest.mark.parametrize(
        ("content_type", "status"),
        [("text/plain", 415), ("multipart/form-data", 400), ("multipart/form-data; boundary=x", 400)],
    )
    def test_a_body_that_is_no_form_returns_the_form(
        self, visitor: Visitor, content_type: str, status: int
    ) -> None:
        seen = visitor.post("/leads", b"x", headers={"Accept": "text/html"}, content_type=content_type)
        assert (seen.status, seen.form("/leads").method) == (status, "POST")
