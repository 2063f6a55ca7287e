"""Failed sign-ins with passwords: counted per address, and stopped when there were too many."""

import time
from collections.abc import Callable

import pytest
from dependency_injector import providers
from pydantic import SecretStr
from structlog.testing import capture_logs

from leadtracker.adapters.system.password_hasher import CachingPasswordHasher
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.http import Client, api_key, basic, bearer
from tests.support.instruments.concurrency import run_in_threads
from tests.support.instruments.counting_hasher import CountingHasher
from tests.support.instruments.polling import eventually

pytestmark = on_sqlite
GOOD = basic("ann", PHRASE)
WRONG = basic("ann", "wrong")
UNKNOWN = basic("unknown", PHRASE)
Limited = Callable[..., Client]


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def limited(make_container: MakeContainer, hasher: CountingHasher) -> Limited:
    """Makes a client of an application with the user ``ann``; keyword arguments are settings."""

    def make(login_rate_limit: str = "3/15 minutes", **settings: object) -> Client:
        container: Container = make_container(login_rate_limit=login_rate_limit, **settings)
        container.hasher.override(providers.Object(hasher))
        container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
        return Client.of(create_app(container))

    return make


def ask(client: Client, headers: dict[str, str], address: str = "192.0.2.1") -> Response:
    return client.request("GET", "/leads", headers, environ_overrides={"REMOTE_ADDR": address})


def statuses(client: Client, *headers: dict[str, str]) -> list[int]:
    return [ask(client, one).status for one in headers]


@pytest.mark.parametrize("headers", [GOOD, WRONG, UNKNOWN, basic("ann", ""), {"Authorization": "Basic ?"}])
def test_limit_blocks_before_verification(
    limited: Limited, hasher: CountingHasher, headers: dict[str, str]
) -> None:
    client = limited()
    assert statuses(client, WRONG, UNKNOWN, {"Authorization": "Basic ?"}) == [401] * 3
    assert hasher.verifications == 3
    rejected = ask(client, headers)
    assert (rejected.status, rejected.body["type"]) == (429, "urn:leadtracker:problem:too-many-requests")
    assert 890 <= int(rejected.headers["Retry-After"]) <= 900
    assert "WWW-Authenticate" not in rejected.headers
    assert hasher.verifications == 3


def test_blocked_responses_are_identical(limited: Limited) -> None:
    client = limited("1/15 minutes")
    ask(client, WRONG)
    responses = [ask(client, headers) for headers in (GOOD, WRONG, UNKNOWN)]
    assert len({response.body["detail"] for response in responses}) == 1
    assert {frozenset(response.headers.keys()) for response in responses} == {
        frozenset(responses[0].headers.keys())
    }


def test_default_limit_is_ten_failures(make_container: MakeContainer) -> None:
    client = Client.of(create_app(make_container()))
    assert statuses(client, *[WRONG] * 11) == [401] * 10 + [429]


def test_success_does_not_reset_count(limited: Limited) -> None:
    client = limited()
    assert statuses(client, *[GOOD] * 5, WRONG, GOOD, WRONG, GOOD, WRONG, GOOD) == [
        *[200] * 5,
        *[401, 200] * 2,
        *[401, 429],
    ]


def test_cached_password_respects_limit(hasher: CountingHasher, make_container: MakeContainer) -> None:
    container = make_container(login_rate_limit="2/15 minutes")
    container.hasher.override(providers.Object(CachingPasswordHasher(hasher)))
    container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
    client = Client.of(create_app(container))
    assert statuses(client, GOOD, GOOD, GOOD, WRONG, GOOD, WRONG) == [200, 200, 200, 401, 200, 401]
    assert hasher.verifications == 3
    assert statuses(client, GOOD, WRONG) == [429, 429]


def test_addresses_are_limited_separately(limited: Limited) -> None:
    client = limited("1/15 minutes")
    assert [ask(client, WRONG, "192.0.2.1").status for _ in range(2)] == [401, 429]
    assert ask(client, GOOD, "192.0.2.2").status == 200
    assert ask(client, WRONG, "2001:db8::1").status == 401


@pytest.mark.parametrize(("proxies", "second"), [(0, 429), (1, 401)])
def test_trusted_proxy_sets_the_address(limited: Limited, proxies: int, second: int) -> None:
    client = limited("1/15 minutes", trusted_proxies=proxies)
    statuses_seen = [
        ask(client, {**WRONG, "X-Forwarded-For": f"198.51.100.{number}"}).status for number in (1, 2)
    ]
    assert statuses_seen == [401, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("203.0.113.7:51001", "203.0.113.7:51002"),
        ("203.0.113.7:51001", "203.0.113.7"),
        ("[2001:db8:1:2::1]:51001", "[2001:db8:1:2::2]:51002"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::2"),
        ("198.51.100.1, 203.0.113.7:51001", "198.51.100.2, 203.0.113.7:51002"),
    ],
)
def test_a_client_behind_a_proxy_is_known_without_its_port(limited: Limited, first: str, second: str) -> None:
    client = limited("1/15 minutes", trusted_proxies=1)
    assert [ask(client, {**WRONG, "X-Forwarded-For": one}).status for one in (first, second)] == [401, 429]
    assert ask(client, {**GOOD, "X-Forwarded-For": "203.0.113.8:51001"}).status == 200


def test_keys_and_anonymous_are_not_limited(limited: Limited, make_container: MakeContainer) -> None:
    client = limited("1/15 minutes")
    secret = make_container().manage_api_keys().add(OPERATOR, "website", Role.AGENT)
    wrong_keys = [api_key("lt_wrong"), bearer("lt_wrong"), {"Authorization": "Negotiate x"}]
    assert statuses(client, *wrong_keys * 3, WRONG, WRONG) == [*[401] * 10, 429]
    assert statuses(client, *wrong_keys, api_key(secret), bearer(secret)) == [401, 401, 401, 200, 200]
    from_there = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
    assert client.post("/leads", make_fields(), **from_there).status == 201
    assert client.post("/leads", make_fields(), headers=GOOD, **from_there).status == 429


def test_window_slides(limited: Limited) -> None:
    client = limited("1/2 seconds")
    assert ask(client, WRONG).status == 401
    assert int(ask(client, GOOD).headers["Retry-After"]) in {1, 2}
    eventually(lambda: ask(client, GOOD).status == 200, "the window moves on")


def test_concurrent_attempts_are_all_counted(limited: Limited) -> None:
    client = limited("10/15 minutes")
    statuses_seen = run_in_threads(30, lambda _: ask(client, WRONG).status)
    assert sorted(statuses_seen) == [401] * 10 + [429] * 20


def test_limit_can_be_disabled(limited: Limited) -> None:
    assert set(statuses(limited("off"), *[WRONG] * 20)) == {401}


def test_storage_failure_allows_sign_in(limited: Limited) -> None:
    nowhere = SecretStr("redis://:canary@127.0.0.1:1")
    client = limited("1/15 minutes", rate_limit_storage=nowhere)
    begun = time.monotonic()
    with capture_logs() as logged:
        assert statuses(client, WRONG, WRONG, GOOD) == [401, 401, 200]
    assert time.monotonic() - begun < 10
    warnings = [line for line in logged if line["log_level"] == "warning"]
    assert {line["event"] for line in warnings} == {"failed sign-ins cannot be counted"}
    assert len(warnings) == 5  # one check before each attempt, and one count of each of the two failures
    assert "canary" not in repr(logged)


def test_addresses_of_one_ipv6_network_are_limited_together(limited: Limited) -> None:
    client = limited("2/15 minutes")
    asked = [ask(client, WRONG, f"2001:db8:1:2::{number}").status for number in range(1, 5)]
    assert asked == [401, 401, 429, 429]
    assert ask(client, GOOD, "2001:db8:1:3::1").status == 200


def test_neighbouring_ipv6_networks_have_a_common_limit(limited: Limited) -> None:
    client = limited("1/15 minutes")
    asked = [ask(client, WRONG, f"2001:db8:1:{number:x}::1").status for number in range(10)]
    assert asked == [401] * 8 + [429] * 2


def test_attempts_in_progress_count_as_wrong_ones(limited: Limited, hasher: CountingHasher) -> None:
    client = limited("3/15 minutes")
    assert ask(client, WRONG).status == 401
    burst = run_in_threads(12, lambda _number: ask(client, WRONG).status)
    assert burst.count(401) <= 2
    assert ask(client, GOOD).status == 429
    assert hasher.verifications <= 3


def test_right_passwords_are_not_limited_by_their_number(limited: Limited) -> None:
    client = limited("3/15 minutes")
    assert run_in_threads(12, lambda _number: ask(client, GOOD).status) == [200] * 12
