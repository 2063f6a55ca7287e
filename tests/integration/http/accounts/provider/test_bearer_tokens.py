"""Tokens of the provider as bearer tokens of the API."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.accounts.provider.conftest import Browser, audited, users
from tests.integration.http.conftest import MakeContainer
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database
from tests.support.http import Client, bearer
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import Issuer, as_json, sign


def test_token_acts_as_user_of_person(
    public: Client, browser: Browser, issuer: Issuer, container: Container
) -> None:
    browser.sign_in(issuer)
    client = public.with_headers(bearer(issuer.token()))
    lead = client.post("/leads", {"first_name": "Bo", "email": "bo@example.com"})
    assert lead.status == 201
    history = client.get(f"/leads/{lead.body['id']}/history").body
    assert history[0]["actor"] == "user:ann"
    assert client.delete(f"/leads/{lead.body['id']}").status == 403
    assert list(users(container)) == ["ann"]


def test_first_token_creates_the_user_and_later_ones_write_nothing(
    public: Client, issuer: Issuer, container: Container
) -> None:
    for _ in range(3):
        assert public.with_headers(bearer(issuer.token())).get("/leads").status == 200
    assert [record.action for record in audited(container)] == [
        AuditAction.USER_CREATED,
        AuditAction.IDENTITY_LINKED,
    ]


def test_token_brings_the_role(public: Client, issuer: Issuer, container: Container) -> None:
    for groups, role, status in (
        (["partners"], Role.ADMIN, 200),
        (["interns"], Role.VIEWER, 403),
        ("staff", Role.AGENT, 403),
    ):
        client = public.with_headers(bearer(issuer.token(groups=groups)))
        assert client.get("/users").status == status
        assert users(container)["ann"].role is role


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "application/at+jwt", "AT+JWT"])
def test_types_of_access_tokens_are_accepted(public: Client, issuer: Issuer, typ: str) -> None:
    client = public.with_headers(bearer(sign(issuer.right_claims(), typ=typ)))
    assert client.get("/leads").status == 200


def test_token_for_several_audiences_and_of_another_party_is_accepted(public: Client, issuer: Issuer) -> None:
    token = issuer.token(aud=["account", "leadtracker"], azp="a program of the office")
    assert public.with_headers(bearer(token)).get("/leads").status == 200


CHANGES: dict[str, dict[str, Any]] = {
    "wrong audience": {"aud": "account"},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": 1_000},
    "no end": {"exp": None},
    "no time of issue": {"iat": None},
    "no subject": {"sub": None},
    "no role": {"groups": ["everyone"]},
    "bound to a key of the client": {"cnf": {"jkt": "x"}},
    "logout token": {"events": {}},
}


def assert_rejected(client: Client, container: Container) -> None:
    response = client.get("/leads")
    assert response.status == 401
    assert {'Bearer realm="LeadTracker"'} <= set(response.headers.getlist("WWW-Authenticate"))
    assert response.body["type"] == "urn:leadtracker:problem:authentication-failed"
    assert response.body["title"] == "Credentials are missing or wrong"
    assert response.body["detail"] == "Credentials are missing or wrong."  # whatever the reason
    assert [(record.actor, record.action) for record in audited(container)] == [
        ("public", AuditAction.SIGN_IN_FAILED)
    ]
    assert users(container) == {}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_token_with_wrong_claims_is_rejected(
    public: Client, issuer: Issuer, container: Container, changes: dict[str, Any]
) -> None:
    assert_rejected(public.with_headers(bearer(issuer.token(**changes))), container)


def test_token_with_a_wrong_signature_is_rejected(
    public: Client, issuer: Issuer, container: Container
) -> None:
    forged = sign(issuer.right_claims(), key=RSAKey.generate_key(2048, {"kid": "rsa"}))
    assert_rejected(public.with_headers(bearer(forged)), container)


@pytest.mark.parametrize("token", ["eyJ.x.y", "eyJhbGciOiJub25lIn0.e30.", f"eyJ{'x' * 20_000}..", "eyJ..é"])
def test_malformed_token_is_rejected(public: Client, container: Container, token: str) -> None:
    assert_rejected(public.with_headers(bearer(token)), container)


def test_tokens_are_not_accepted_as_api_keys(public: Client, issuer: Issuer) -> None:
    assert public.with_headers({"X-API-Key": issuer.token()}).get("/leads").status == 401


def test_rejected_tokens_of_one_address_are_recorded_up_to_a_limit_and_keep_no_user_out(
    public: Client, issuer: Issuer, container: Container
) -> None:
    expired = public.with_headers(bearer(issuer.token(exp=1_000)))
    for _ in range(20):
        assert expired.get("/leads").status == 401
    assert len(audited(container)) == 10
    assert public.with_headers(bearer(issuer.token())).get("/leads").status == 200


def test_tokens_with_unknown_keys_do_not_flood_the_provider(public: Client, issuer: Issuer) -> None:
    for number in range(5):
        forged = sign(issuer.right_claims(), key=RSAKey.generate_key(2048, {"kid": f"new-{number}"}))
        assert public.with_headers(bearer(forged)).get("/leads").status == 401
    assert issuer.requests.count("/jwks") == 1


def test_cached_keys_are_used_for_a_day_while_the_provider_is_down(
    public: Client, issuer: Issuer, clock: MemoryClock
) -> None:
    assert public.with_headers(bearer(issuer.token())).get("/leads").status == 200
    for path in ("/jwks", "/.well-known/openid-configuration"):
        issuer.answers[path] = lambda: as_json(500, {})
    for hours, status in ((23, 200), (1, 503)):
        clock.advance(timedelta(hours=hours))
        response = public.with_headers(bearer(issuer.token())).get("/leads")
        assert response.status == status


def test_without_a_provider_tokens_are_wrong_credentials(
    issuer: Issuer, make_container: MakeContainer
) -> None:
    client = Client.of(create_app(make_container()))
    assert client.with_headers(bearer(issuer.token())).get("/leads").status == 401


def get_leads(client: Client, _number: int) -> Response:
    return client.get("/leads")


@on_every_database
def test_concurrent_first_requests_create_one_user(app: Flask, issuer: Issuer, container: Container) -> None:
    names = [f"user-{number}" for number in range(5)]
    for name in names:
        claims = {"sub": name, "preferred_username": name, "email": f"{name}@firm.example"}
        client = Client.of(app).with_headers(bearer(issuer.token(**claims)))
        assert [response.status for response in run_in_threads(6, partial(get_leads, client))] == [200] * 6
    assert list(users(container)) == names
    created, linked = AuditAction.USER_CREATED, AuditAction.IDENTITY_LINKED
    assert [record.action for record in audited(container)] == [created, linked] * 5
