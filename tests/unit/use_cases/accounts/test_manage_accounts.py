"""Users and API keys: only admins may manage them, and changes take effect at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leadtracker.domain.errors import (
    AccountNotFound,
    InvalidInput,
    NameTaken,
    PermissionDenied,
)
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Actor, Role
from leadtracker.domain.model.accounts.account import ApiKey, User, digest_of
from tests.support.clock import NOW
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

PASSWORD = "correct horse"  # noqa: S105 - it guards nothing
Act = Callable[[InMemoryApp, Actor], object]
LookUp = Callable[[InMemoryApp, str], User | ApiKey]

ACTS: dict[str, Act] = {
    "add a user": lambda app, actor: app.manage_users.add(actor, "x", Role.ADMIN, PASSWORD),
    "create a user": lambda app, actor: app.manage_users.create(
        actor, {"name": "x", "role": "admin", "password": PASSWORD}
    ),
    "change a user": lambda app, actor: app.manage_users.change(actor, "ann", {"role": "admin"}),
    "show a user": lambda app, actor: app.manage_users.one(actor, "ann"),
    "list users": lambda app, actor: app.manage_users.all(actor),
    "disable a user": lambda app, actor: app.manage_users.disable(actor, "ann"),
    "set a password": lambda app, actor: app.manage_users.set_password(actor, "ann", "another phrase"),
    "add a key": lambda app, actor: app.manage_api_keys.add(actor, "x", Role.ADMIN),
    "create a key": lambda app, actor: app.manage_api_keys.create(actor, {"name": "x", "role": "admin"}),
    "show a key": lambda app, actor: app.manage_api_keys.one(actor, "website"),
    "list keys": lambda app, actor: app.manage_api_keys.all(actor),
    "revoke a key": lambda app, actor: app.manage_api_keys.revoke(actor, "website"),
}


LOOK_UPS: dict[str, LookUp] = {
    "show a user": lambda app, name: app.manage_users.one(ADMIN, name),
    "change a user": lambda app, name: app.manage_users.change(ADMIN, name, {"role": "admin"}),
    "disable a user": lambda app, name: app.manage_users.disable(ADMIN, name),
    "set a password": lambda app, name: app.manage_users.set_password(ADMIN, name, "another phrase"),
    "show a key": lambda app, name: app.manage_api_keys.one(ADMIN, name),
    "revoke a key": lambda app, name: app.manage_api_keys.revoke(ADMIN, name),
}


@pytest.fixture
def app() -> InMemoryApp:
    """An installation with a user ``ann`` and a key ``website``."""
    app = InMemoryApp()
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PASSWORD)
    app.manage_api_keys.add(OPERATOR, "website", Role.AGENT)
    return app


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_accounts_are_admin_only(app: InMemoryApp, actor: Actor, act: Act) -> None:
    before = app.store.committed
    with pytest.raises(PermissionDenied, match="account:manage"):
        act(app, actor)
    assert app.store.committed == before
    act(app, ADMIN)


def test_new_user_is_stored_as_given(app: InMemoryApp) -> None:
    user = app.manage_users.add(ADMIN, " bob ", Role.VIEWER, PASSWORD, " Bob@Example.com ")
    assert (user.name, user.role, user.email) == ("bob", Role.VIEWER, "Bob@Example.com")
    assert (user.created_at, user.disabled_at) == (NOW, None)
    assert [found.name for found in app.manage_users.all(ADMIN)] == ["ann", "bob"]
    assert app.manage_users.all(ADMIN)[1] == user


def test_passwords_are_stored_hashed(app: InMemoryApp) -> None:
    assert PASSWORD not in repr(app.store.committed.users)
    assert PASSWORD not in app.manage_users.all(ADMIN)[0].password_hash


@pytest.mark.parametrize(
    ("name", "password", "email", "field"),
    [
        ("", PASSWORD, None, "name"),
        ("a:b", PASSWORD, None, "name"),
        ("bob", "", None, "password"),
        ("bob", "x" * 1_001, None, "password"),
        ("bob", "\ud800", None, "password"),
        ("bob", PASSWORD, "bob", "email"),
        ("bob", PASSWORD, "", "email"),
    ],
)
def test_a_bad_user_is_rejected(
    app: InMemoryApp, name: str, password: str, email: str | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.manage_users.add(ADMIN, name, Role.VIEWER, password, email)
    assert [error.field for error in raised.value.errors] == [field]
    assert len(app.manage_users.all(ADMIN)) == 1


def test_names_are_never_reused(app: InMemoryApp) -> None:
    app.manage_users.disable(ADMIN, "ann")
    app.manage_api_keys.revoke(ADMIN, "website")
    with pytest.raises(NameTaken):
        app.manage_users.add(ADMIN, " ann", Role.ADMIN, PASSWORD)
    with pytest.raises(NameTaken):
        app.manage_api_keys.add(ADMIN, "website ", Role.ADMIN)
    assert app.manage_users.all(ADMIN)[0].role is Role.AGENT


def test_disabling_twice_keeps_the_first_time(app: InMemoryApp) -> None:
    app.manage_users.disable(ADMIN, "ann")
    app.manage_api_keys.revoke(ADMIN, "website")
    app.clock.advance(timedelta(hours=1))
    user = app.manage_users.disable(ADMIN, "ann")
    key = app.manage_api_keys.revoke(ADMIN, "website")
    assert user.disabled_at == key.revoked_at == NOW
    assert app.manage_users.all(ADMIN) == [user]
    assert app.manage_api_keys.all(ADMIN) == [key]


@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS.keys())
@pytest.mark.parametrize("name", ["unknown", "", "a:b", "x" * 10_000, "\0"])
def test_missing_account_is_not_found(app: InMemoryApp, look_up: LookUp, name: str) -> None:
    with pytest.raises(AccountNotFound):
        look_up(app, name)


@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS.keys())
def test_name_lookup_is_normalised(app: InMemoryApp, look_up: LookUp) -> None:
    app.manage_users.add(OPERATOR, "Zo\u00eb", Role.AGENT, PASSWORD)
    app.manage_api_keys.add(OPERATOR, "Zo\u00eb", Role.AGENT)
    assert look_up(app, " Zoe\u0308\n").name == "Zo\u00eb"


@pytest.mark.parametrize("password", ["", "\ud800"])
def test_a_bad_new_password_is_rejected(app: InMemoryApp, password: str) -> None:
    with pytest.raises(InvalidInput):
        app.manage_users.set_password(ADMIN, "ann", password)
    assert app.sign_in.with_password("ann", PASSWORD).name == "user:ann"


def test_only_the_key_digest_is_stored(app: InMemoryApp) -> None:
    secret = app.manage_api_keys.add(ADMIN, "form", Role.AGENT)
    assert secret.startswith("lt_")
    assert len(secret) >= len("lt_") + 43
    assert [key.name for key in app.manage_api_keys.all(ADMIN)] == ["form", "website"]
    assert app.manage_api_keys.all(ADMIN)[0].digest == digest_of(secret)
    assert secret not in repr(app.store.committed)


@pytest.mark.parametrize("name", ["", "a:b", "x" * 101])
def test_key_with_bad_name_is_rejected(app: InMemoryApp, name: str) -> None:
    with pytest.raises(InvalidInput):
        app.manage_api_keys.add(ADMIN, name, Role.AGENT)
    assert len(app.manage_api_keys.all(ADMIN)) == 1


def test_first_start_creates_the_admin() -> None:
    empty = InMemoryApp()
    assert empty.ensure_admin("root", PASSWORD) is None
    assert empty.sign_in.with_password("root", PASSWORD) == Actor("user:root", Role.ADMIN)


@pytest.mark.parametrize("password", [None, ""])
def test_admin_password_is_generated(password: str | None) -> None:
    empty = InMemoryApp()
    password_shown = empty.ensure_admin("root", password)
    assert password_shown is not None
    assert len(password_shown) >= 43
    assert empty.sign_in.with_password("root", password_shown) == Actor("user:root", Role.ADMIN)


def test_later_start_creates_no_admin(app: InMemoryApp) -> None:
    app.manage_users.disable(ADMIN, "ann")
    assert app.ensure_admin("root", None) is None
    assert [user.name for user in app.manage_users.all(ADMIN)] == ["ann"]


def test_a_first_admin_with_a_bad_name_is_rejected() -> None:
    with pytest.raises(InvalidInput):
        InMemoryApp().ensure_admin("a:b", PASSWORD)
