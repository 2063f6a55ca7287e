"""Signing in through the provider: accounts, roles, and what a browser keeps."""

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.account import PasswordState
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.accounts.provider.conftest import Browser, audited, users
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.http import Client, basic
from tests.support.servers.openid.issuer import Issuer

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


def test_name_that_is_taken_gets_number(browser: Browser, issuer: Issuer, container: Container) -> None:
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


def test_losing_last_role_ends_sessions(browser: Browser, issuer: Issuer, app: Flask) -> None:
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
