"""A person who loses access at the provider loses it here within a minute."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.domain.model.accounts.user_session import BETWEEN_CHECKS
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.accounts.provider.conftest import Browser, audited, users
from tests.integration.http.conftest import MakeContainer
from tests.support.clock import MICROSECOND
from tests.support.http import Client, bearer
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import Issuer, as_json, sign


@pytest.fixture
def signed_in(browser: Browser, issuer: Issuer) -> Browser:
    """A browser whose session the provider can be asked about."""
    issuer.issues_refresh_tokens = True
    browser.sign_in(issuer)
    issuer.requests.clear()
    return browser


def test_session_ends_within_a_minute_after_the_person_was_disabled_at_the_provider(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock, container: Container
) -> None:
    issuer.has_access = False
    clock.advance(BETWEEN_CHECKS - MICROSECOND)
    assert signed_in.get("/leads").status_code == 200
    clock.advance(MICROSECOND)
    assert [signed_in.get("/leads").status_code for _ in range(2)] == [401, 401]
    assert issuer.requests == ["/token"]
    last = audited(container)[-1]
    assert (last.actor, last.action, last.subject) == ("openid-provider", AuditAction.SESSION_ENDED, "ann")
    assert container.user_sessions().of("ann") == []


def test_session_of_a_person_with_access_is_renewed_each_minute(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock
) -> None:
    for _ in range(3):
        clock.advance(BETWEEN_CHECKS)
        assert [signed_in.get("/leads").status_code for _ in range(2)] == [200, 200]
    assert issuer.requests == ["/token"] * 3


def test_concurrent_requests_use_a_refresh_token_once(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock
) -> None:
    clock.advance(BETWEEN_CHECKS)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: signed_in.get("/leads").status_code, range(8)))
    assert statuses == [200] * 8
    assert issuer.requests == ["/token"]


@pytest.mark.parametrize(
    ("groups", "status", "role"),
    [(["interns"], 200, Role.VIEWER), (["everyone"], 401, Role.AGENT), (None, 200, Role.AGENT)],
)
def test_role_follows_the_provider_during_a_session(
    signed_in: Browser,
    issuer: Issuer,
    clock: MemoryClock,
    container: Container,
    groups: list[str] | None,
    status: int,
    role: Role,
) -> None:
    issuer.refreshed_claims = {"groups": groups}
    clock.advance(BETWEEN_CHECKS)
    assert signed_in.get("/leads").status_code == status
    assert users(container)["ann"].role is role


def test_last_role_that_is_lost_ends_all_sessions(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock, app: Flask, container: Container
) -> None:
    Browser.of(app).sign_in(issuer)
    assert len(container.user_sessions().of("ann")) == 2
    issuer.refreshed_claims = {"groups": []}
    clock.advance(BETWEEN_CHECKS)
    assert signed_in.get("/leads").status_code == 401
    assert container.user_sessions().of("ann") == []


@pytest.mark.parametrize(
    ("status", "body"), [(503, {}), (429, {"error": "slow_down"}), (401, {"error": "invalid_client"})]
)
def test_session_ends_after_an_hour_while_the_provider_is_silent(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock, status: int, body: dict[str, str]
) -> None:
    issuer.answers["/token"] = lambda: as_json(status, body)
    for minutes, expected in ((1, 200), (29, 200), (29, 200), (1, 401)):
        clock.advance(timedelta(minutes=minutes))
        assert signed_in.get("/leads").status_code == expected


@pytest.mark.parametrize(
    "claims", [{"sub": "another"}, {"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}]
)
def test_hostile_refresh_ends_session(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock, claims: dict[str, object]
) -> None:
    issuer.refreshed_claims = claims
    clock.advance(BETWEEN_CHECKS)
    assert signed_in.get("/leads").status_code == 401


def test_refresh_without_an_id_token_needs_no_claims(
    signed_in: Browser, issuer: Issuer, clock: MemoryClock, container: Container
) -> None:
    issuer.answers["/token"] = lambda: as_json(200, {"access_token": "access"})
    issuer.answers["/userinfo"] = lambda: as_json(200, {"sub": issuer.person["sub"], "groups": "partners"})
    clock.advance(BETWEEN_CHECKS)
    assert signed_in.get("/leads").status_code == 200
    assert users(container)["ann"].role is Role.ADMIN
    issuer.answers["/userinfo"] = lambda: as_json(200, {"sub": "another"})
    clock.advance(BETWEEN_CHECKS)
    assert signed_in.get("/leads").status_code == 401


def test_token_is_rejected_within_a_minute_after_it_was_withdrawn(
    issuer: Issuer, clock: MemoryClock, public: Client
) -> None:
    issuer.metadata["introspection_endpoint"] = f"{issuer.url}/introspect"
    client = public.with_headers(bearer(issuer.token()))
    assert [client.get("/leads").status for _ in range(2)] == [200, 200]
    issuer.has_access = False
    clock.advance(BETWEEN_CHECKS - MICROSECOND)
    assert client.get("/leads").status == 200
    clock.advance(MICROSECOND)
    assert client.get("/leads").status == 401
    assert issuer.requests.count("/introspect") == 2
    issuer.answers["/introspect"] = lambda: as_json(403, {})
    assert client.get("/leads").status == 503


def test_forged_token_is_not_sent_to_the_provider(issuer: Issuer, public: Client) -> None:
    issuer.metadata["introspection_endpoint"] = f"{issuer.url}/introspect"
    forged = sign(issuer.right_claims(aud="another"))
    assert public.with_headers(bearer(forged)).get("/leads").status == 401
    assert "/introspect" not in issuer.requests


def test_introspection_can_be_switched_off(
    issuer: Issuer, make_container: MakeContainer, container: Container
) -> None:
    issuer.metadata["introspection_endpoint"] = f"{issuer.url}/introspect"
    issuer.has_access = False
    settings = container.settings().model_dump() | {"oidc_introspection": "off"}
    client = Client.of(create_app(make_container(**settings)))
    assert client.with_headers(bearer(issuer.token())).get("/leads").status == 200


def test_scopes_of_the_settings_are_requested(make_container: MakeContainer, container: Container) -> None:
    settings = container.settings().model_dump() | {"oidc_scopes": "offline_access email"}
    url = Browser.of(create_app(make_container(**settings))).begin()
    assert "scope=openid+email+profile+groups+offline_access&" in url
