"""Users of the provider lose no form when a page asks who they are, and sign out at the provider, too."""

from datetime import timedelta

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.user_session import CONFIRMED_FOR
from tests.integration.http.accounts.provider.conftest import users
from tests.integration.http.conftest import PHRASE
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import CLIENT_ID, Issuer, as_json, query_of

USERS = "/dashboard/users"
CONTINUE = "/dashboard/account/continue"
NOTHING = "No form waits to be sent"
NEW_USER = {"name": "bob", "role": "agent", "email": "bob@example.com", "password": "a better horse"}


@pytest.fixture
def admin(app: Flask, issuer: Issuer) -> HtmlClient:
    """A browser in which an admin has signed in at the provider."""
    issuer.person["groups"] = ["partners"]
    browser = HtmlClient.of(app)
    prove(browser, issuer, "/sign-in/oidc")
    return browser


def prove(browser: HtmlClient, issuer: Issuer, path: str) -> HtmlPage:
    """Sign in at the provider by a link of a page; return the page that opens after that."""
    begun = browser.get(path)
    issuer.person["auth_time"] = int(issuer.now().timestamp())
    back = browser.get(issuer.sign_in(begun.location))
    return browser.get(back.location)


def interrupt(browser: HtmlClient, clock: MemoryClock, fields: dict[str, str]) -> HtmlPage:
    """Send the form of a new user after a coffee break; return the page that asks."""
    form = browser.get(USERS).form(USERS)
    clock.advance(CONFIRMED_FOR)
    return browser.submit(form, fields)


def test_form_is_sent_after_the_proof(
    admin: HtmlClient, issuer: Issuer, clock: MemoryClock, container: Container
) -> None:
    asked = interrupt(admin, clock, NEW_USER)
    assert (asked.status, "kept for ten minutes" in asked.html) == (403, True)
    assert "horse" not in asked.response.headers["Set-Cookie"]
    kept = prove(admin, issuer, f"/sign-in/oidc?confirm=1&next={CONTINUE}")
    assert "was not sent yet" in kept.html
    assert "bob" not in users(container)
    assert admin.submit(kept.form(USERS)).location == USERS
    added = users(container)["bob"]
    assert (added.role, added.email) == (Role.AGENT, "bob@example.com")
    assert NOTHING in admin.get(CONTINUE).html


def test_form_that_is_too_long_for_a_cookie_must_be_entered_again(
    admin: HtmlClient, clock: MemoryClock
) -> None:
    asked = interrupt(admin, clock, NEW_USER | {"password": "x" * 5_000})
    assert (asked.status, "must enter your changes again" in asked.html) == (403, True)
    assert "Set-Cookie" not in asked.response.headers


def test_form_is_kept_for_ten_minutes(admin: HtmlClient, issuer: Issuer, clock: MemoryClock) -> None:
    interrupt(admin, clock, NEW_USER)
    clock.advance(timedelta(minutes=10))
    assert NOTHING in prove(admin, issuer, f"/sign-in/oidc?confirm=1&next={CONTINUE}").html


def test_form_of_another_user_is_not_shown(
    admin: HtmlClient, clock: MemoryClock, container: Container
) -> None:
    interrupt(admin, clock, NEW_USER)
    container.manage_users().add(OPERATOR, "carol", Role.ADMIN, PHRASE)
    admin.submit(admin.get("/dashboard").form("/sign-out"))
    admin.sign_in("carol", PHRASE)
    assert NOTHING in admin.get(CONTINUE).html


def test_sign_out_also_leads_to_the_sign_out_of_the_provider(
    app: Flask, issuer: Issuer, container: Container
) -> None:
    issuer.metadata["end_session_endpoint"] = f"{issuer.url}/sign-out?a=b"
    browser = HtmlClient.of(app)
    prove(browser, issuer, "/sign-in/oidc")
    left = browser.submit(browser.get("/dashboard").form("/sign-out"))
    assert (left.status, "You are signed out of LeadTracker" in left.html) == (200, True)
    url = left.link(f"Sign out at {issuer.url.removeprefix('http://')}")
    assert left.response.headers["Refresh"] == f"0; url={url}"
    query = query_of(url)
    assert url.startswith(f"{issuer.url}/sign-out?a=b&")
    assert query["post_logout_redirect_uri"] == "http://localhost/sign-in"
    assert (query["client_id"], query["id_token_hint"].count(".")) == (CLIENT_ID, 2)
    assert container.user_sessions().of("ann") == []
    assert browser.get("/dashboard").location.startswith("/sign-in")


@pytest.mark.parametrize("minutes_down", [0, 20])
def test_sign_out_without_that_of_the_provider_opens_the_sign_in_page(
    admin: HtmlClient, issuer: Issuer, clock: MemoryClock, minutes_down: int
) -> None:
    form = admin.get("/dashboard").form("/sign-out")
    if minutes_down:
        issuer.answers["/.well-known/openid-configuration"] = lambda: as_json(500, {})
        clock.advance(timedelta(minutes=minutes_down))
    assert admin.submit(form).location == "/sign-in"
