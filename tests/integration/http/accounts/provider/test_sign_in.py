"""Signing in through the provider: accounts, roles, and what a browser keeps."""

from datetime import timedelta

import pytest
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.account import PasswordState
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.accounts.provider.conftest import Browser, audited, users
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.http import Client, basic
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, query_of

DENIED = "has no access to LeadTracker"


def test_first_sign_in_creates_a_user_with_the_role_of_the_group(
    browser: Browser, issuer: Issuer, container: Container
) -> None:
    response = browser.sign_in(issuer)
    assert (response.status_code, response.location) == (303, "/dashboard")
    assert browser.get("/dashboard").status_code == 200
    ann = users(container)["ann"]
    assert (ann.role, ann.email, ann.password_state) == (Role.AGENT, "Ann@firm.example", PasswordState.NONE)
    assert [(record.actor, record.action, record.subject) for record in audited(container)] == [
        ("openid-provider", AuditAction.USER_CREATED, "ann"),
        ("openid-provider", AuditAction.IDENTITY_LINKED, "ann"),
        ("user:ann", AuditAction.SIGNED_IN, "ann"),
    ]


def test_second_sign_in_finds_the_same_user(browser: Browser, issuer: Issuer, container: Container) -> None:
    browser.sign_in(issuer)
    issuer.person |= {"preferred_username": "ann.lee", "email": "lee@firm.example"}
    browser.sign_in(issuer)
    assert list(users(container)) == ["ann"]


def test_user_with_the_verified_address_is_linked_and_loses_the_password(
    browser: Browser, issuer: Issuer, container: Container, public: Client
) -> None:
    container.manage_users().add(OPERATOR, "ann.lee", Role.VIEWER, PHRASE, "ann@firm.example")
    assert public.with_headers(basic("ann.lee", PHRASE)).get("/leads").status == 200
    browser.sign_in(issuer)
    assert [(user.name, user.role) for user in users(container).values()] == [("ann.lee", Role.AGENT)]
    assert public.with_headers(basic("ann.lee", PHRASE)).get("/leads").status == 401


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_address_that_the_provider_has_not_verified_links_no_user(
    browser: Browser, issuer: Issuer, container: Container, verified: object
) -> None:
    container.manage_users().add(OPERATOR, "boss", Role.ADMIN, PHRASE, "ann@firm.example")
    issuer.person["email_verified"] = verified
    browser.sign_in(issuer)
    assert [(user.name, user.email) for user in users(container).values()] == [
        ("ann", None),
        ("boss", "ann@firm.example"),
    ]


def test_user_of_another_person_is_not_taken_over_with_the_address(
    browser: Browser, issuer: Issuer, app: Flask
) -> None:
    browser.sign_in(issuer)
    issuer.person |= {"sub": "ann's successor", "preferred_username": "successor"}
    response = Browser.of(app).sign_in(issuer)
    assert response.status_code == 403
    assert DENIED in response.text


def test_user_who_was_unlinked_is_linked_to_the_next_person_with_the_address(
    browser: Browser, issuer: Issuer, container: Container
) -> None:
    browser.sign_in(issuer)
    assert container.manage_users().unlink(OPERATOR, "ann") == 1
    assert browser.get("/dashboard").status_code == 303
    issuer.person |= {"sub": "ann with a new account", "preferred_username": "ann.lee"}
    assert browser.sign_in(issuer).status_code == 303
    assert list(users(container)) == ["ann"]


def test_address_of_two_users_links_neither(browser: Browser, issuer: Issuer, container: Container) -> None:
    for name in ("ann.lee", "office"):
        container.manage_users().add(OPERATOR, name, Role.VIEWER, PHRASE, "ann@firm.example")
    assert browser.sign_in(issuer).status_code == 403
    assert sorted(users(container)) == ["ann.lee", "office"]


def test_emergency_admin_is_neither_linked_nor_imitated(
    browser: Browser, issuer: Issuer, container: Container
) -> None:
    container.manage_users().add(OPERATOR, "admin", Role.ADMIN, PHRASE, "ann@firm.example")
    issuer.person["preferred_username"] = "Admin"
    browser.sign_in(issuer)
    assert {user.name: user.role for user in users(container).values()} == {
        "admin": Role.ADMIN,
        "Ann@firm.example": Role.AGENT,
    }


def test_name_that_is_taken_gets_a_number(browser: Browser, issuer: Issuer, container: Container) -> None:
    issuer.person = {"sub": "1", "preferred_username": "ann", "groups": "interns"}
    for name in ("ann", "ann-2"):
        container.manage_users().add(OPERATOR, name, Role.ADMIN, PHRASE)
    browser.sign_in(issuer)
    assert users(container)["ann-3"].role is Role.VIEWER


def test_role_follows_the_provider(browser: Browser, issuer: Issuer, container: Container) -> None:
    for groups, role in ((["partners", "staff"], Role.ADMIN), (["interns"], Role.VIEWER)):
        issuer.person["groups"] = groups
        browser.sign_in(issuer)
        assert users(container)["ann"].role is role


@pytest.mark.parametrize("groups", [[], ["everyone"], "nothing", None, {"staff": True}, [["staff"]], 7])
def test_person_without_a_role_may_not_enter(
    browser: Browser, issuer: Issuer, container: Container, groups: object
) -> None:
    issuer.person["groups"] = groups
    response = browser.sign_in(issuer)
    assert response.status_code == 403
    assert DENIED in response.text
    assert browser.get("/dashboard").status_code == 303
    assert [record.action for record in audited(container)] == [AuditAction.SIGN_IN_FAILED]
    assert users(container) == {}


def test_losing_the_last_role_ends_sessions(browser: Browser, issuer: Issuer, app: Flask) -> None:
    browser.sign_in(issuer)
    issuer.person["groups"] = []
    assert Browser.of(app).sign_in(issuer).status_code == 403
    assert browser.get("/dashboard").status_code == 303


def test_disabled_user_may_not_enter_also_as_a_new_person(
    browser: Browser, issuer: Issuer, container: Container
) -> None:
    container.manage_users().add(OPERATOR, "ann.lee", Role.VIEWER, PHRASE, "ann@firm.example")
    container.manage_users().disable(OPERATOR, "ann.lee")
    assert browser.sign_in(issuer).status_code == 403
    assert list(users(container)) == ["ann.lee"]
    assert audited(container)[-1].subject == "ann.lee"


def test_claims_of_the_userinfo_endpoint_are_used(
    browser: Browser, issuer: Issuer, container: Container
) -> None:
    issuer.move_to_userinfo("groups", "email", "email_verified", "preferred_username")
    assert browser.sign_in(issuer).status_code == 303
    assert (users(container)["ann"].role, users(container)["ann"].email) == (Role.AGENT, "Ann@firm.example")


def test_role_is_found_inside_an_object(
    make_container: MakeContainer, container: Container, issuer: Issuer
) -> None:
    nested = make_container(**container.settings().model_dump() | {"oidc_role_claim": "realm_access.roles"})
    issuer.person |= {"groups": None, "realm_access": {"roles": ["partners"]}}
    assert Browser.of(create_app(nested)).sign_in(issuer).status_code == 303
    assert users(nested)["ann"].role is Role.ADMIN


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
def test_sign_in_leads_back_to_the_page_that_asked_for_it(
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


def test_sign_in_page_names_the_provider(browser: Browser, issuer: Issuer) -> None:
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
