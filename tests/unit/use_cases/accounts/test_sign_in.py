"""Signing in: valid credentials give an actor, and every failure has the same error."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from tests.support.instruments.counting_hasher import CountingHasher
from tests.support.memory.in_memory_app import InMemoryApp

PASSWORD = "correct horse"  # noqa: S105 - it guards nothing


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def app(hasher: CountingHasher) -> InMemoryApp:
    """An installation with a user ``ann``, a disabled user ``bob``, a key and a revoked key."""
    app = InMemoryApp(hasher=hasher)
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PASSWORD)
    app.manage_users.add(OPERATOR, "bob", Role.ADMIN, PASSWORD)
    app.manage_users.disable(OPERATOR, "bob")
    return app


@pytest.fixture
def key(app: InMemoryApp) -> str:
    return app.manage_api_keys.add(OPERATOR, "website", Role.VIEWER)


@pytest.fixture
def revoked_key(app: InMemoryApp) -> str:
    secret = app.manage_api_keys.add(OPERATOR, "old website", Role.ADMIN)
    app.manage_api_keys.revoke(OPERATOR, "old website")
    return secret


def test_valid_password_identifies_user(app: InMemoryApp) -> None:
    assert app.sign_in.with_password("ann", PASSWORD) == Actor("user:ann", Role.AGENT)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "wrong"),
        ("ann", ""),
        ("ann", PASSWORD.upper()),
        ("ann", f"{PASSWORD} "),
        ("ann", "x" * 1_001),
        ("ann", "x" * 1_000_000),
        ("bob", PASSWORD),
        ("bob", "wrong"),
        ("unknown", PASSWORD),
        ("ANN", PASSWORD),
        ("", ""),
        ("a\0b", PASSWORD),
        ("\ud800", PASSWORD),
        ("x" * 10_000, PASSWORD),
        ("ann", "\ud800"),
    ],
)
def test_failures_cost_one_verification(
    app: InMemoryApp, hasher: CountingHasher, name: str, password: str
) -> None:
    with pytest.raises(AuthenticationFailed) as failure:
        app.sign_in.with_password(name, password)
    assert (failure.value.args, failure.value.__cause__, failure.value.code) == (
        (),
        None,
        "authentication-failed",
    )
    assert hasher.verifications == 1


def test_password_limit_is_1000_characters(
    app: InMemoryApp,
) -> None:
    longest = "a horse of " * 90 + "1 battery."
    app.manage_users.set_password(OPERATOR, "ann", longest)
    assert app.sign_in.with_password("ann", longest).name == "user:ann"
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_password("ann", f"{longest}x")


def test_new_password_applies_at_once(app: InMemoryApp) -> None:
    app.manage_users.set_password(OPERATOR, "ann", "another phrase")
    assert app.sign_in.with_password("ann", "another phrase").name == "user:ann"
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_password("ann", PASSWORD)


def test_disabled_user_is_rejected(app: InMemoryApp) -> None:
    app.manage_users.disable(OPERATOR, "ann")
    app.manage_users.set_password(OPERATOR, "ann", "another phrase")
    for password in (PASSWORD, "another phrase"):
        with pytest.raises(AuthenticationFailed):
            app.sign_in.with_password("ann", password)


def test_key_secret_identifies_the_key(app: InMemoryApp, key: str) -> None:
    assert app.sign_in.with_api_key(key) == Actor("api-key:website", Role.VIEWER)


def test_configured_key_is_an_agent(app: InMemoryApp, key: str) -> None:
    sign_in = evolve(app.sign_in, configured_key="given-from-outside-0123456789-abcdef")
    assert sign_in.with_api_key("given-from-outside-0123456789-abcdef").role is Role.AGENT
    assert sign_in.with_api_key(key).name == "api-key:website"
    for secret in ("given-from-outside-0123456789-abcde", "", "ü"):
        with pytest.raises(AuthenticationFailed):
            sign_in.with_api_key(secret)


def test_invalid_key_fails_like_a_password(app: InMemoryApp, key: str, revoked_key: str) -> None:
    no_prefix = key.removeprefix("lt_")
    for secret in (revoked_key, no_prefix, f"{key}x", key[:-1], key.upper(), "lt_", "", "lt_é", "lt_\ud800"):
        with pytest.raises(AuthenticationFailed) as failure:
            app.sign_in.with_api_key(secret)
        assert failure.value.args == ()


def test_revoked_key_is_rejected(app: InMemoryApp, key: str) -> None:
    app.manage_api_keys.revoke(OPERATOR, "website")
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_api_key(key)


@pytest.mark.usefixtures("key")
def test_key_digest_is_not_a_key(app: InMemoryApp) -> None:
    with app.unit_of_work.read_only() as tx:
        digest = tx.api_keys.get("website").digest
    for secret in (digest, f"lt_{digest}"):
        with pytest.raises(AuthenticationFailed):
            app.sign_in.with_api_key(secret)
