"""Public pages in every language: no text of them stays English."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.intake.form_token import FORM_TOKEN_LIFETIME
from leadtracker.domain.model.values.file_kind import EXTENSIONS
from leadtracker.entrypoints.http.app import create_app
from leadtracker.i18n.languages import LANGUAGES
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.clients.public_form import BROWSER, FILL_IN_SECONDS, submit_lead_form
from tests.support.clients.visible_text import untranslated
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import HTML, PDF
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

NAMES = ("Lee & Partners", "zzz", "LeadTracker", "Public Consent Text", "cv.pdf", ", ".join(EXTENSIONS))
PAGES = ("/", "/form/embed", "/thanks", "/form/embed/thanks", "/sign-in", "/unknown")
WRONG: Mapping[str, Mapping[str, str]] = {
    "nothing": {"first_name": "", "last_name": "", "email": "", "phone": "", "message": ""},
    "too long": {"first_name": "1" * 101, "last_name": "1" * 101, "phone": "1" * 41, "message": "1" * 5001},
    "malformed": {"email": "zoe at home", "phone": "one", "first_name": "\x07"},
    "marks": {"first_name": "e" + "\u0301" * 31},
}
FILES: Mapping[str, Sequence[bytes]] = {
    "other file": [file_part(HTML, "page.html")],
    "false file": [file_part(HTML)],
    "empty file": [file_part(b"")],
    "many files": [file_part(PDF, f"{number}.pdf") for number in range(7)],
    "large file": [file_part(PDF + bytes(1_100_000))],
}
pytestmark = on_sqlite


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(
        organisation="Lee & Partners",
        consent_text="Public Consent Text",
        embed_origins="https://www.example.com",
        max_upload_mb=1,
        required_fields="message",
    )


def in_language(app: Flask, path: str, language: str) -> HtmlPage:
    return HtmlClient.of(app).get(path, {"Accept-Language": f"{language}-XX, it;q=0.5"} | BROWSER)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_public_page_is_entirely_in_the_language(app: Flask, path: str, language: str) -> None:
    english, other = (in_language(app, path, one) for one in ("en", language))
    assert f'<html lang="{language}" dir="ltr">' in other.html
    assert untranslated(english.html, other.html, *NAMES) == set()


@pytest.mark.parametrize("wrong", [*WRONG, *FILES])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_error_of_the_form_is_in_the_language(
    app: Flask, clock: MemoryClock, language: str, wrong: str
) -> None:
    def rejected(language: str) -> HtmlPage:
        client = HtmlClient.of(app)
        page = client.get(f"/?lang={language}")
        clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        fields = {**page.form("/leads").values, **make_fields(), **WRONG.get(wrong, {})}
        body = form(*fields_of(fields), *FILES.get(wrong, ()))
        return client.post(page.form("/leads").action, body, headers=BROWSER, content_type=MULTIPART)

    english, other = rejected("en"), rejected(language)
    assert (english.status, other.status) in {(422, 422), (413, 413)}
    assert 'id="form-errors"' in other.html
    assert untranslated(english.html, other.html, *NAMES) == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_required_consent_without_a_text_is_in_the_language(
    make_container: MakeContainer, language: str
) -> None:
    app = create_app(make_container(required_fields="consent"))
    english, other = (in_language(app, "/", one) for one in ("en", language))
    assert "I agree that my details are stored" in english.html
    assert untranslated(english.html, other.html, *NAMES) == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_expired_form_says_so_in_the_language(app: Flask, clock: MemoryClock, language: str) -> None:
    client = HtmlClient.of(app)
    page = client.get(f"/?lang={language}")
    clock.advance(FORM_TOKEN_LIFETIME)
    stale = submit_lead_form(client, page, {"consent": "yes"})
    assert stale.status == 422
    assert untranslated(in_language(app, "/", "en").html, stale.html, *NAMES) == set()
    assert "open for more than a day" not in stale.html


def _send(client: HtmlClient, page: HtmlPage, **changed: str) -> HtmlPage:
    return submit_lead_form(client, page, {"consent": "yes"} | changed)


def _send_twice(client: HtmlClient, page: HtmlPage) -> HtmlPage:
    _send(client, page)
    return _send(client, page, message="zzz")


def _send_unreadable(client: HtmlClient, page: HtmlPage) -> HtmlPage:
    return client.post(page.form("/leads").action, b"x", headers=BROWSER, content_type=MULTIPART)


def _send_without_consent(client: HtmlClient, page: HtmlPage) -> HtmlPage:
    return _send(client, page, consent="")


@pytest.mark.parametrize("path", ["/", "/form/embed"])
@pytest.mark.parametrize(
    ("send", "status", "setting"),
    [
        (_send, 429, {"public_rate_limit": "1/hour"}),
        (_send, 409, {"public_duplicates": "reject"}),
        (_send_twice, 422, {}),
        (_send_unreadable, 400, {}),
        (_send_without_consent, 422, {}),
    ],
)
def test_every_other_rejection_is_in_the_language(
    make_container: MakeContainer,
    clock: MemoryClock,
    path: str,
    send: Callable[[HtmlClient, HtmlPage], HtmlPage],
    status: int,
    setting: Mapping[str, str],
) -> None:
    client = HtmlClient.of(
        create_app(make_container(organisation="Lee & Partners", required_fields="consent", **setting))
    )
    pages: dict[str, HtmlPage] = {}
    for language in ("en", *LANGUAGES):  # an earlier lead uses the limit up and makes the person known
        page = client.get(f"{path}?lang={language}")
        clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        pages[language] = send(client, page)
    assert {page.status for page in pages.values()} == {status}
    for language in LANGUAGES[1:]:
        assert 'id="form-errors"' in pages[language].html
        assert untranslated(pages["en"].html, pages[language].html, *NAMES) == set()


def test_failed_storage_is_reported_in_the_language(
    make_container: MakeContainer, clock: MemoryClock
) -> None:
    unreachable = SecretStr("postgresql://user@127.0.0.1:1/missing")
    client = HtmlClient.of(create_app(make_container(database_url=unreachable)))
    pages: dict[str, HtmlPage] = {}
    for language in LANGUAGES:
        page = client.get(f"/?lang={language}")
        clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        pages[language] = submit_lead_form(client, page, make_fields(message="zzz"))
    assert {page.status for page in pages.values()} == {503}
    for language in LANGUAGES[1:]:
        assert pages[language].form("/leads").values["message"].strip() == "zzz"
        assert untranslated(pages["en"].html, pages[language].html, *NAMES) == set()


def test_language_of_the_url_stays_until_the_thank_you_page(app: Flask, clock: MemoryClock) -> None:
    client = HtmlClient.of(app)
    page = client.get("/?lang=es", {"Accept-Language": "de"})
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    sent = submit_lead_form(client, page, {"consent": "yes", "message": "Hola"})
    assert (sent.status, sent.location) == (303, "/thanks?lang=es")
    assert client.get(sent.location).title == "Gracias · Lee & Partners"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_acknowledgement_is_entirely_in_the_language_of_the_form(
    app: Flask, container: Container, viewer: Client, clock: MemoryClock, language: str
) -> None:
    mails = {}
    for one in ("en", language):
        client = HtmlClient.of(app)
        page = client.get("/", {"Accept-Language": one})
        clock.advance(timedelta(seconds=FILL_IN_SECONDS))
        fields = make_fields(f"{one}@example.com", message="Hello") | {"consent": "yes"}
        assert submit_lead_form(client, page, fields, headers={"Accept-Language": one}).status == 303
        [lead] = viewer.get("/leads", email=f"{one}@example.com").body
        assert lead["language"] == one
        with container.unit_of_work()() as tx:
            stored = tx.leads.get(lead["id"])
            [delivery] = [
                one
                for one in tx.deliveries.page(None, limit=9, after=None).items
                if (one.lead_id, one.kind) == (lead["id"], "acknowledgement")
            ]
        mails[one] = container.email_writer().write(delivery, stored)
    english, other = mails["en"], mails[language]
    names = {*NAMES, english.html.partition("<br>")[2]}
    assert untranslated(english.html, other.html, *names) == set()
    assert not set(english.text.splitlines()) & set(other.text.splitlines()) - {"", "Lee & Partners"}
    assert "Lee & Partners" in other.subject != english.subject


@pytest.mark.parametrize(
    ("fields", "header", "language"),
    [
        ({}, None, None),
        ({}, "es-MX", "es"),
        ({"language": "fr"}, "es", "fr"),
        ({"language": "French"}, "es", "es"),
        ({"language": 7}, None, None),
    ],
)
def test_api_client_may_give_language(
    public: Client, viewer: Client, fields: dict[str, Any], header: str | None, language: str | None
) -> None:
    headers = {"Accept-Language": header} if header else {}
    sent = public.with_headers(headers).post(
        "/leads", make_fields(message="Hello") | fields | {"consent": "yes"}
    )
    assert (sent.status, sent.body["language"]) == (201, language)
    assert viewer.get(f"/leads/{sent.body['id']}").body["language"] == language


def test_language_of_an_agent_is_not_that_of_the_prospect(agent: Client) -> None:
    french = agent.with_headers({"Accept-Language": "fr"})
    assert french.post("/leads", make_fields(message="Hello")).body["language"] is None


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/", "", "fr"),
        ("/", "ja, zh;q=0.5", "fr"),
        ("/?lang=xx", "", "fr"),
        ("/?lang=xx", "de", "de"),
        ("/?lang=EN-gb", "de", "en"),
        ("/?lang=%00&lang=de", "", "fr"),
    ],
)
def test_unknown_language_falls_back_to_the_setting(
    make_container: MakeContainer, path: str, header: str, language: str
) -> None:
    app = create_app(make_container(language="fr"))
    assert f'<html lang="{language}"' in HtmlClient.of(app).get(path, {"Accept-Language": header}).html


def test_sign_in_errors_are_in_the_language(make_container: MakeContainer) -> None:
    app = create_app(make_container(login_rate_limit="1/minute"))
    pages: dict[str, list[HtmlPage]] = {}
    for language in LANGUAGES:
        client = HtmlClient.of(app)
        sign_in = client.get(f"/sign-in?lang={language}").form("/sign-in")
        address = {"REMOTE_ADDR": f"192.0.2.{len(pages)}"}
        pages[language] = [
            client.submit(sign_in, {"name": "ann", "password": "x"}, environ_base=address) for _ in range(2)
        ]
    assert [page.status for page in pages["de"]] == [401, 429]
    for language in LANGUAGES[1:]:
        for english, other in zip(pages["en"], pages[language], strict=True):
            assert untranslated(english.html, other.html, *NAMES) == set()
