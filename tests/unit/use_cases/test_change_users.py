"""Changing users: each thing alone, all of them at once, and never so that nobody is left in charge."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import AuthenticationFailed, InvalidInput, LastAdmin
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from tests.support.clock import NOW
from tests.support.in_memory_app import ADMIN, Installation

PASSWORD = "correct horse"  # noqa: S105 - it guards nothing
LOCK_OUT: list[dict[str, object]] = [{"disabled": True}, {"role": "agent"}, {"role": "viewer"}]


@pytest.fixture
def app() -> Installation:
    """With the agent ``ann``."""
    app = Installation()
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PASSWORD, "ann@example.com")
    return app


def test_what_is_not_given_stays_as_it_is(app: Installation) -> None:
    before = app.manage_users.one(ADMIN, "ann")
    assert app.manage_users.change(ADMIN, "ann", {}) == before
    assert app.manage_users.one(ADMIN, "ann") == before


def test_everything_changes_at_once(app: Installation) -> None:
    app.clock.advance(timedelta(hours=1))
    fields = {"role": "admin", "email": " b@example.com ", "password": "another", "disabled": True}
    changed = app.manage_users.change(ADMIN, "ann", fields)
    assert (changed.role, changed.email) == (Role.ADMIN, "b@example.com")
    assert (changed.disabled_at, changed.created_at) == (app.clock.now(), NOW)
    assert app.manage_users.one(ADMIN, "ann") == changed


def test_if_one_field_is_bad_nothing_changes(app: Installation) -> None:
    before = app.store.committed
    fields = {"role": "owner", "email": 5, "password": "", "disabled": "true", "name": "bob", "id": 1}
    with pytest.raises(InvalidInput) as raised:
        app.manage_users.change(ADMIN, "ann", fields)
    assert sorted(error.field for error in raised.value.errors) == sorted(fields)
    assert app.store.committed == before


@pytest.mark.parametrize("fields", [{"role": None}, {"password": None}, {"disabled": None}, {"email": ""}])
def test_only_the_address_can_be_cleared_and_only_by_nothing(
    app: Installation, fields: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        app.manage_users.change(ADMIN, "ann", fields)
    assert app.manage_users.change(ADMIN, "ann", {"email": None}).email is None


def test_an_enabled_user_comes_in_again_with_the_old_password(app: Installation) -> None:
    app.manage_users.disable(ADMIN, "ann")
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_password("ann", PASSWORD)
    for _ in range(2):
        assert app.manage_users.change(ADMIN, "ann", {"disabled": False}).disabled_at is None
    assert app.sign_in.with_password("ann", PASSWORD) == Actor("user:ann", Role.AGENT)


def test_a_role_takes_effect_at_the_next_sign_in(app: Installation) -> None:
    app.manage_users.change(ADMIN, "ann", {"role": "viewer"})
    assert app.sign_in.with_password("ann", PASSWORD).role is Role.VIEWER


@pytest.mark.parametrize("fields", LOCK_OUT)
@pytest.mark.parametrize("actor", [ADMIN, Actor("user:root", Role.ADMIN)], ids=lambda actor: actor.name)
def test_the_last_admin_stays(app: Installation, actor: Actor, fields: dict[str, object]) -> None:
    app.manage_users.add(OPERATOR, "root", Role.ADMIN, PASSWORD)
    app.manage_users.add(OPERATOR, "locked out", Role.ADMIN, PASSWORD)
    app.manage_users.disable(OPERATOR, "locked out")
    before = app.store.committed
    with pytest.raises(LastAdmin) as raised:
        app.manage_users.change(actor, "root", {**fields, "email": "root@example.com"})
    assert raised.value.name == "root"
    assert app.store.committed == before


@pytest.mark.parametrize("fields", LOCK_OUT)
def test_the_last_admin_but_one_and_the_operators_choice_may_go(
    app: Installation, fields: dict[str, object]
) -> None:
    for name in ("root", "toor"):
        app.manage_users.add(OPERATOR, name, Role.ADMIN, PASSWORD)
    app.manage_users.change(ADMIN, "root", fields)
    app.manage_users.change(OPERATOR, "toor", fields)
    assert not any(user.is_enabled_admin for user in app.manage_users.all(ADMIN))


def test_the_last_admin_can_be_changed_otherwise(app: Installation) -> None:
    app.manage_users.add(OPERATOR, "root", Role.ADMIN, PASSWORD)
    fields = {"role": "admin", "disabled": False, "password": "another", "email": "root@example.com"}
    assert app.manage_users.change(ADMIN, "root", fields).is_enabled_admin


def test_without_any_admin_others_can_be_changed(app: Installation) -> None:
    assert app.manage_users.change(ADMIN, "ann", {"disabled": True}).disabled_at == NOW


def test_a_bad_user_is_told_everything_that_is_wrong(app: Installation) -> None:
    raw = {"name": "a:b", "role": 1, "email": "x", "admin": True}
    with pytest.raises(InvalidInput) as raised:
        app.manage_users.create(ADMIN, raw)
    told = {error.field: error.message for error in raised.value.errors}
    assert sorted(told) == ["admin", "email", "name", "password", "role"]
    assert (told["password"], told["role"], told["admin"]) == (
        "is required",
        "must be text",
        "is not a field here",
    )


def test_a_bad_key_is_told_everything_that_is_wrong(app: Installation) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.manage_api_keys.create(ADMIN, {"name": None, "role": "owner", "key": "lt_mine"})
    assert sorted(error.field for error in raised.value.errors) == ["key", "name", "role"]


def test_an_issued_key_does_not_show_its_secret(app: Installation) -> None:
    issued = app.manage_api_keys.create(ADMIN, {"name": "website", "role": "agent"})
    assert issued.secret not in repr(issued)
    assert app.sign_in.with_api_key(issued.secret) == issued.key.actor
