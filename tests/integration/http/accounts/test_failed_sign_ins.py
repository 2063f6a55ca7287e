"""Failed sign-ins get the same response at the same cost, whatever the reason."""

import base64
from collections import Counter

import pytest
from dependency_injector import providers

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.clients.openapi import Response
from tests.support.http import Client, api_key, basic, bearer
from tests.support.instruments.counting_hasher import CountingHasher


def raw_basic(pair: bytes) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


PASSWORDS = {
    "a wrong password": basic("ann", "wrong"),
    "no password": basic("ann", ""),
    "a password of 10,000 characters": basic("ann", "x" * 10_000),
    "a password that is no text": raw_basic(b"ann:\xed\xa0\x80"),
    "an unknown user": basic("unknown", PHRASE),
    "a disabled user": basic("bob", PHRASE),
    "no name": basic("", PHRASE),
    "a lone surrogate": raw_basic(b"\xed\xa0\x80:" + PHRASE.encode()),
    "a NUL": basic("ann\0", PHRASE),
    "a control character": basic("an\x1bn", PHRASE),
    "a name of 10,000 characters": basic("x" * 10_000, PHRASE),
    "no colon": raw_basic(b"ann"),
    "no base64": {"Authorization": "Basic ?"},
}
KEYS = {
    "an unknown key": "lt_" + "x" * 43,
    "only the prefix": "lt_",
    "no prefix": "x" * 46,
    "nothing": "",
    "10,000 characters": "lt_" + "x" * 10_000,
    "beyond ASCII": "lt_é",
    "a control character": "lt_\x1b",
}


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def container(make_container: MakeContainer, hasher: CountingHasher) -> Container:
    """An application with the user ``ann`` and the disabled user ``bob``."""
    container = make_container(login_rate_limit="off")
    container.hasher.override(providers.Object(hasher))
    for name in ("ann", "bob"):
        container.manage_users().add(OPERATOR, name, Role.ADMIN, PHRASE)
    container.manage_users().disable(OPERATOR, "bob")
    return container


@pytest.fixture
def public(container: Container) -> Client:
    return Client.of(create_app(container))


def looks(response: Response) -> tuple[object, ...]:
    """Return everything that a client sees of a response, except for the request id."""
    headers = [(name, value) for name, value in response.headers.items() if name != "X-Request-ID"]
    body = response.body | {"request_id": len(response.body["request_id"])}
    return response.status, sorted(headers), sorted(body.items())


def test_password_failures_cost_one_verification(public: Client, hasher: CountingHasher) -> None:
    responses, costs = {}, {}
    for reason, headers in PASSWORDS.items():
        before = hasher.verifications
        responses[reason] = public.request("GET", "/leads", headers)
        costs[reason] = hasher.verifications - before
    expected = looks(responses["a wrong password"])
    assert expected[0] == 401
    assert {reason: looks(response) for reason, response in responses.items()} == dict.fromkeys(
        PASSWORDS, expected
    )
    assert costs == dict.fromkeys(PASSWORDS, 1)


def test_key_failures_cost_no_verification(
    public: Client, container: Container, hasher: CountingHasher
) -> None:
    secret = container.manage_api_keys().add(OPERATOR, "old", Role.ADMIN)
    container.manage_api_keys().revoke(OPERATOR, "old")
    keys = {**KEYS, "a revoked key": secret, "a damaged key": secret[:-1]}
    seen = Counter(
        str(looks(public.request("GET", "/leads", send(key))))
        for key in keys.values()
        for send in (api_key, bearer)
    )
    assert list(seen) == [str(looks(public.get("/leads")))]
    assert hasher.verifications == 0
