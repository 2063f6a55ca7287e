"""Authentication: every kind of credentials, and every failure, all of which get the same response."""

import base64

import pytest
from dependency_injector import providers

from leadtracker.adapters.system.password_hasher import CachingPasswordHasher
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, Accounts, Way
from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.http import Client, api_key, basic, bearer
from tests.support.instruments.counting_hasher import CountingHasher
from tests.support.raw_database import RawDatabase

USER = f"viewer with {Way.BASIC}"
KEY = f"viewer with {Way.API_KEY}"
ROUTES = ["/leads", "/leads/x", "/reports/weekly", "/reports/weekly/2026-W46"]


def rejected(client: Client, path: str = "/leads") -> bool:
    """Check that the response is the same as for every other failure."""
    response = client.get(path)
    challenges = response.headers.get_all("WWW-Authenticate") if response.status == 401 else []
    return (
        response.status == 401
        and bool(response.body["detail"])
        and [text.split()[0] for text in challenges] == ["Basic", "Bearer"]
    )


@pytest.mark.parametrize("way", Way)
def test_every_scheme_authenticates(public: Client, accounts: Accounts, way: Way) -> None:
    client = public.with_headers(accounts.credentials(Role.VIEWER, way))
    assert client.get("/leads").status == 200


@pytest.mark.parametrize("path", ROUTES)
def test_missing_credentials_are_rejected(public: Client, path: str) -> None:
    assert rejected(public, path)


def test_scheme_names_are_case_insensitive(public: Client, accounts: Accounts) -> None:
    for way in (Way.BASIC, Way.BEARER):
        scheme, value = accounts.credentials(Role.VIEWER, way)["Authorization"].split(" ")
        for spelling in (scheme.lower(), scheme.upper()):
            client = public.with_headers({"Authorization": f"{spelling} {value}"})
            assert client.get("/leads").status == 200


@on_sqlite
@pytest.mark.parametrize(
    "headers",
    [
        basic(USER, "wrong"),
        basic(USER, ""),
        basic(USER, f"{PHRASE} "),
        basic(USER, PHRASE.upper()),
        basic(USER, "x" * 100_000),
        basic("unknown", PHRASE),
        basic("", PHRASE),
        basic("", ""),
        basic(f"{USER}\x00", PHRASE),
        basic("x" * 10_000, PHRASE),
        {"Authorization": "Basic"},
        {"Authorization": "Basic "},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic YQ"},
        {"Authorization": f"Basic {base64.b64encode(b'no colon').decode()}"},
        {"Authorization": f"Basic {base64.b64encode(bytes([255, 254])).decode()}"},
        {"Authorization": f"Basic {base64.b64encode(b'a:' + bytes([255])).decode()}"},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Negotiate YII="},
        {"Authorization": "Digest username=viewer"},
        {"Authorization": "lt_something"},
        bearer("lt_wrong"),
        bearer("lt_"),
        bearer("wrong"),
        bearer("é"),
        api_key("lt_wrong"),
        api_key("lt_" + "x" * 10_000),
        api_key(""),
        api_key("é"),
    ],
)
def test_credential_errors_look_alike(public: Client, accounts: Accounts, headers: dict[str, str]) -> None:
    accounts.credentials(Role.VIEWER, Way.BASIC)
    assert rejected(public.with_headers(headers))


@pytest.mark.parametrize("way", sorted(set(Way) - {Way.SESSION}))
def test_wrong_credentials_are_rejected_where_none_are_needed(
    public: Client, accounts: Accounts, raw_db: RawDatabase, way: Way
) -> None:
    headers = {name: f"{value}x" for name, value in accounts.credentials(Role.AGENT, way).items()}
    if way is Way.BASIC:
        headers = basic(f"agent with {way}", "wrong")
    assert public.with_headers(headers).post("/leads", make_fields()).status == 401
    assert raw_db.count("leads") == 0


def test_invalid_session_counts_as_anonymous(public: Client, accounts: Accounts) -> None:
    cookie = accounts.credentials(Role.AGENT, Way.SESSION)["Cookie"]
    browser = public.with_headers({"Cookie": f"{cookie}x"})
    assert browser.post("/leads", make_fields()).status == 201
    assert browser.get("/leads").status == 401


def test_api_key_header_takes_precedence(public: Client, accounts: Accounts) -> None:
    good = accounts.credentials(Role.VIEWER, Way.API_KEY)
    user = accounts.credentials(Role.VIEWER, Way.BASIC)
    assert public.with_headers({**user, **api_key("lt_wrong")}).get("/leads").status == 401
    assert public.with_headers({**basic("unknown", "x"), **good}).get("/leads").status == 200


def test_password_and_key_are_distinct(public: Client, accounts: Accounts) -> None:
    accounts.credentials(Role.VIEWER, Way.BASIC)
    secret = accounts.credentials(Role.VIEWER, Way.API_KEY)["X-API-Key"]
    for headers in (basic(KEY, secret), basic(secret, ""), bearer(PHRASE), api_key(PHRASE)):
        assert rejected(public.with_headers(headers))


def test_disabled_user_is_rejected_at_once(public: Client, accounts: Accounts, container: Container) -> None:
    client = public.with_headers(accounts.credentials(Role.VIEWER, Way.BASIC))
    assert client.get("/leads").status == 200
    container.manage_users().disable(OPERATOR, USER)
    assert rejected(client)


def test_new_password_applies_at_once(public: Client, accounts: Accounts, container: Container) -> None:
    client = public.with_headers(accounts.credentials(Role.VIEWER, Way.BASIC))
    assert client.get("/leads").status == 200
    container.manage_users().set_password(OPERATOR, USER, "another password")
    assert rejected(client)
    assert public.with_headers(basic(USER, "another password")).get("/leads").status == 200


def test_revoked_key_is_rejected_at_once(public: Client, accounts: Accounts, container: Container) -> None:
    client = public.with_headers(accounts.credentials(Role.VIEWER, Way.API_KEY))
    assert client.get("/leads").status == 200
    container.manage_api_keys().revoke(OPERATOR, KEY)
    assert rejected(client)


def test_credentials_may_be_unicode(public: Client, container: Container) -> None:
    container.manage_users().add(OPERATOR, "Zoë 李", Role.VIEWER, "pässwörd: ☃ ☃ ☃")
    assert public.with_headers(basic("Zoë 李", "pässwörd: ☃ ☃ ☃")).get("/leads").status == 200


def test_password_check_is_cached(
    container: Container,
) -> None:
    counting = CountingHasher()
    container.hasher.override(providers.Object(CachingPasswordHasher(counting)))
    container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
    client = Client.of(create_app(container))
    for _ in range(3):
        assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200
    assert counting.verifications == 1
    assert rejected(client.with_headers(basic("ann", "wrong")))
    assert counting.verifications == 2


def test_passwords_are_hashed_with_argon2(container: Container) -> None:
    container.hasher.reset_override()
    container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
    client = Client.of(create_app(container))
    assert client.with_headers(basic("ann", PHRASE)).get("/leads").status == 200
    assert rejected(client.with_headers(basic("ann", "wrong")))
