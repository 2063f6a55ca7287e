"""Signing in and out on the pages, and the sessions in between."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.user_session import MAX_SESSION_IDLE
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, Accounts, MakeContainer, Way
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.memory.system import MemoryClock


@pytest.fixture
def ann(container: Container) -> str:
    """The name of an agent."""
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    return "ann"


def page_text(seen: HtmlPage) -> str:
    """Return the page without its CSRF token, which changes every second."""
    return seen.html.replace(seen.form("/sign-in").values["csrf_token"], "")


def test_sign_in_returns_to_the_requested_page(html_client: HtmlClient, ann: str) -> None:
    requested = html_client.get("/dashboard?seen=1")
    assert (requested.status, requested.location) == (303, "/sign-in?next=/dashboard?seen%3D1")
    entered = html_client.sign_in(ann, PHRASE, requested.location)
    assert (entered.status, entered.location) == (303, "/dashboard?seen=1")
    assert "ann" in html_client.get(entered.location).html


@pytest.mark.parametrize("name", ["ann", "unknown"])
def test_credential_errors_look_alike(html_client: HtmlClient, ann: str, name: str) -> None:
    rejected = html_client.sign_in(name, "wrong")
    assert rejected.status == 401
    assert "The user name or the password is wrong." in rejected.html
    assert rejected.form("/sign-in").values["name"] == name
    assert page_text(rejected).replace(name, "") == page_text(html_client.sign_in(ann, "wrong")).replace(
        ann, ""
    )


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/dashboard\r\nX: 1",
        "javascript:alert(1)",
        "/docs",
    ],
)
def test_redirect_stays_on_the_site(html_client: HtmlClient, ann: str, target: str) -> None:
    form = html_client.get("/sign-in").form("/sign-in")
    entered = html_client.submit(form, {"name": ann, "password": PHRASE, "next": target})
    assert entered.location == "/dashboard"


def test_sign_in_starts_a_new_session(app: Flask, ann: str) -> None:
    html_client = HtmlClient.of(app)
    html_client.get("/sign-in")
    planted = html_client.cookie
    html_client.sign_in(ann, PHRASE)
    stolen = HtmlClient.of(app).get("/dashboard", headers={"Cookie": planted})
    assert stolen.status == 303


def test_responses_vary_by_cookie(html_client: HtmlClient, ann: str) -> None:
    requested = [html_client.get("/dashboard"), html_client.get("/sign-in"), html_client.sign_in(ann, PHRASE)]
    requested += [html_client.get("/dashboard"), html_client.get("/leads")]
    vary = [seen.response.headers.get("Vary") for seen in requested]
    assert vary == [None, "Cookie", "Cookie", "Cookie", "Cookie"]


@on_every_database
def test_signed_out_cookie_is_invalid(app: Flask, signed_in: SignedIn) -> None:
    html_client = signed_in(Role.AGENT)
    kept = html_client.cookie
    form = html_client.get("/dashboard").form("/sign-out")
    signed_out = html_client.submit(form)
    assert signed_out.location == "/sign-in"
    assert "storage" in signed_out.response.headers["Clear-Site-Data"]
    assert html_client.get("/dashboard").status == 303
    assert app.test_client(use_cookies=False).get("/dashboard", headers={"Cookie": kept}).status_code == 303


def test_cookie_is_http_only_and_same_site(app: Flask) -> None:
    pages = [
        app.test_client().get("/sign-in", base_url=f"{scheme}://leads.example")
        for scheme in ("http", "https")
    ]
    plain, secure = (page.headers["Set-Cookie"] for page in pages)
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert ("Secure" in plain, "Secure" in secure) == (False, True)


def test_form_without_csrf_token_is_rejected(html_client: HtmlClient, ann: str) -> None:
    sent = html_client.post("/sign-in", {"name": ann, "password": PHRASE})
    assert sent.status == 403
    assert html_client.get("/dashboard").status == 303


def test_csrf_token_of_another_session_is_rejected(html_client: HtmlClient, signed_in: SignedIn) -> None:
    foreign = html_client.get("/sign-in").form("/sign-in").values["csrf_token"]
    agent = signed_in(Role.AGENT)
    assert agent.post("/sign-out", {"csrf_token": foreign}).status == 403
    assert agent.get("/dashboard").status == 200


@on_every_database
def test_idle_session_expires(signed_in: SignedIn, clock: MemoryClock) -> None:
    html_client = signed_in(Role.VIEWER)
    clock.advance(MAX_SESSION_IDLE - timedelta(seconds=1))
    assert html_client.get("/dashboard").status == 200
    clock.advance(MAX_SESSION_IDLE)
    assert html_client.get("/dashboard").status == 303


def test_repeated_failures_are_limited(make_container: MakeContainer) -> None:
    html_client = HtmlClient.of(create_app(make_container(login_rate_limit="2/minute")))
    pages = [html_client.sign_in("ann", "wrong") for _ in range(3)]
    assert [seen.status for seen in pages] == [401, 401, 429]
    assert pages[-1].response.headers["Retry-After"]


def test_session_signed_with_another_key_is_invalid(make_container: MakeContainer) -> None:
    ours, theirs = (make_container(secret_key=SecretStr(letter * 32)) for letter in "ab")
    ours.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    html_client = HtmlClient.of(create_app(theirs))
    html_client.sign_in("ann", PHRASE)
    assert (
        create_app(ours).test_client().get("/dashboard", headers={"Cookie": html_client.cookie}).status_code
        == 303
    )


class TestTheApi:
    """Sessions authenticate API requests, too; unsafe methods also need the CSRF token of a page."""

    @pytest.fixture
    def credentials(self, accounts: Accounts) -> dict[str, str]:
        return dict(accounts.credentials(Role.ADMIN, Way.SESSION))

    def test_reading_needs_only_the_cookie(self, public: Client, credentials: dict[str, str]) -> None:
        del credentials["X-CSRF-Token"]
        assert public.with_headers(credentials).get("/leads").status == 200

    @pytest.mark.parametrize("token", [None, "", "forged"])
    def test_writing_needs_the_csrf_token(
        self, public: Client, credentials: dict[str, str], lead: dict[str, Any], token: str | None
    ) -> None:
        credentials.pop("X-CSRF-Token")
        forged = credentials | ({} if token is None else {"X-CSRF-Token": token})
        rejected = public.with_headers(forged).delete(f"/leads/{lead['id']}")
        assert rejected.status == 403
        assert public.with_headers(credentials).get(f"/leads/{lead['id']}").status == 200

    def test_lead_without_token_is_anonymous(
        self, public: Client, credentials: dict[str, str], lead: dict[str, Any]
    ) -> None:
        del credentials["X-CSRF-Token"]
        sent = public.with_headers(credentials).post("/leads", make_fields(lead["email"]))
        assert (sent.status, sent.body["duplicate_of"]) == (201, None)
