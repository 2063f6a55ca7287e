"""The session of a browser that signed in through the provider, its cookie, and pages that ask again."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.accounts.provider.conftest import Browser
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.http import Client, basic
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, as_json, query_of


def test_session_ends_after_an_hour_although_it_is_used(
    browser: Browser, issuer: Issuer, clock: MemoryClock
) -> None:
    browser.sign_in(issuer)
    for minutes, status in ((29, 200), (29, 200), (2, 303)):
        clock.advance(timedelta(minutes=minutes))
        assert browser.get("/dashboard").status_code == status


@pytest.mark.parametrize(
    ("next_url", "opened"),
    [
        ("/dashboard/leads", "/dashboard/leads"),
        ("https://evil.example", "/dashboard"),
        ("//evil", "/dashboard"),
        (f"/dashboard/leads?q={'%C3%A4' * 2_000}", "/dashboard"),
    ],
)
def test_sign_in_leads_back_to_the_requested_page(
    browser: Browser, issuer: Issuer, next_url: str, opened: str
) -> None:
    assert browser.sign_in(issuer, next_url).location == opened


def test_request_asks_for_what_is_needed_and_differs_each_time(browser: Browser, issuer: Issuer) -> None:
    first, second = query_of(browser.begin()), query_of(browser.begin())
    assert first["scope"] == "openid email profile groups"
    assert first["redirect_uri"] == "http://localhost/sign-in/oidc/callback"
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) == 43
    assert "/authorize" not in issuer.requests


def test_cookie_of_a_pending_sign_in_is_out_of_reach_for_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.get("/sign-in/oidc").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))


def test_over_tls_the_cookie_is_bound_to_the_host(
    make_container: MakeContainer, container: Container
) -> None:
    settings = container.settings().model_dump() | {"public_url": "https://leads.firm.example"}
    secure = Browser.of(create_app(make_container(**settings)))
    response = secure.get("/sign-in/oidc")
    assert response.headers["Set-Cookie"].startswith("__Host-leadtracker-pending=")
    assert "Secure" in response.headers["Set-Cookie"].split("; ")
    assert query_of(response.location)["redirect_uri"] == "https://leads.firm.example/sign-in/oidc/callback"


def test_sign_in_page_names_provider(browser: Browser, issuer: Issuer) -> None:
    page = browser.get("/sign-in").text
    assert f"Sign in with {issuer.url.removeprefix('http://')}" in page
    assert "/sign-in/oidc" in page


def test_without_a_provider_its_addresses_are_unknown(make_container: MakeContainer) -> None:
    browser = Browser.of(create_app(make_container()))
    for path in ("/sign-in/oidc", "/sign-in/oidc/callback?code=1&state=2"):
        assert browser.get(path).status_code == 404
    assert "oidc" not in browser.get("/sign-in").text


def test_without_passwords_only_the_emergency_admin_may_use_one(
    make_container: MakeContainer, container: Container
) -> None:
    app = create_app(make_container(**container.settings().model_dump() | {"password_sign_in": "off"}))
    for name in ("admin", "bob"):
        container.manage_users().add(OPERATOR, name, Role.ADMIN, PHRASE)
    client = Client.of(app)
    assert client.with_headers(basic("admin", PHRASE)).get("/leads").status == 200
    assert client.with_headers(basic("bob", PHRASE)).get("/leads").status == 401
    assert "in an emergency" in Browser.of(app).get("/sign-in").text


def test_confirmation_asks_the_person_to_prove_the_identity_again(
    browser: Browser, issuer: Issuer, clock: MemoryClock
) -> None:
    now = int(clock.now().timestamp())
    for proved_at, status in ((now, 303), (now - 300, 303), (now - 301, 401), (None, 303)):
        issuer.person["auth_time"] = proved_at
        url = browser.get("/sign-in/oidc?confirm=1&next=/dashboard/users").location
        assert (query_of(url)["prompt"], query_of(url)["max_age"]) == ("login", "0")
        assert browser.get(issuer.sign_in(url)).status_code == status


def test_silent_sign_in_confirms_nothing(
    browser: Browser, issuer: Issuer, container: Container, clock: MemoryClock
) -> None:
    proved_at = clock.now() - timedelta(hours=2)
    issuer.person["auth_time"] = int(proved_at.timestamp())
    browser.sign_in(issuer)
    [session] = container.user_sessions().of("ann")
    assert session.confirmed_at == proved_at
    assert session.started_at == clock.now()


def test_sensitive_page_asks_at_the_provider(browser: Browser, issuer: Issuer, clock: MemoryClock) -> None:
    issuer.person["groups"] = ["partners"]
    browser.sign_in(issuer)
    assert browser.get("/dashboard/users").status_code == 200
    clock.advance(timedelta(minutes=15))
    asked = browser.get("/dashboard/users?a=b")
    assert asked.status_code == 403
    assert 'href="/sign-in/oidc?confirm=1&amp;next=/dashboard/users?a%3Db"' in asked.text
    assert 'name="confirmation"' not in asked.text
    issuer.person["auth_time"] = int(clock.now().timestamp())
    assert browser.get(issuer.sign_in(browser.get("/sign-in/oidc?confirm=1").location)).status_code == 303
    assert browser.get("/dashboard/users").status_code == 200


def test_account_of_a_person_at_the_provider_has_no_password(browser: Browser, issuer: Issuer) -> None:
    browser.sign_in(issuer)
    page = browser.get("/dashboard/account").text
    assert "You sign in through" in page
    assert 'name="current"' not in page


def test_second_factor_is_the_business_of_the_provider(
    make_container: MakeContainer, issuer: Issuer, clock: MemoryClock
) -> None:
    container = make_container(
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
        oidc_roles="staff=agent",
        require_second_factor="all",
    )
    browser = Browser.of(create_app(container))
    for _ in range(2):
        browser.sign_in(issuer)
        assert "second factor by" not in browser.get("/dashboard").text
        clock.advance(timedelta(days=8))


def test_log_has_neither_codes_nor_secrets(
    browser: Browser, issuer: Issuer, capfd: pytest.CaptureFixture[str]
) -> None:
    callbacks = []
    for claims in ({}, {"nonce": "x"}):
        issuer.claims = dict(claims)
        callbacks.append(issuer.sign_in(browser.begin()))
        browser.get(callbacks[-1])
    issuer.answers["/token"] = lambda: as_json(500, {})
    callbacks.append(issuer.sign_in(browser.begin()))
    browser.get(callbacks[-1])
    log = "".join(capfd.readouterr())
    assert "the nonce is not that of this sign-in" in log
    assert "responds with status 500" in log
    secrets = [CLIENT_SECRET, *(query_of(url)[name] for url in callbacks for name in ("code", "state"))]
    assert [secret for secret in secrets if secret in log] == []
