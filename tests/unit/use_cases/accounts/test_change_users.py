"""Changing users: single and combined changes, and the last admin stays."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import AuthenticationFailed, InvalidInput, LastAdmin
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from tests.support.clock import NOW
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

PASSWORD = "correct horse"  # noqa: S105 - it guards nothing
LOCK_OUT: list[dict[str, object]] = [{"disabled": True}, {"role": "agent"}, {"role": "viewer"}]


@pytest.fixture
def app() -> InMemoryApp:
    """An installation with the agent ``ann``."""
    app = InMemoryApp()
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PASSWORD, "ann@example.com")
    return app


def test_missing_fields_are_unchanged(app: InMemoryApp) -> None:
    before = app.manage_users.one(ADMIN, "ann")
    assert app.manage_users.change(ADMIN, "ann", {}) == before
    assert app.manage_users.one(ADMIN, "ann") == before


def test_all_fields_change_together(app: InMemoryApp) -> None:
    app.clock.advance(timedelta(hours=1))
    fields = {"role": "admin", "email": " b@example.com ", "password": "another phrase", "disabled": True}
    changed = app.manage_users.change(ADMIN, "ann", fields)
    assert (changed.role, changed.email) == (Role.ADMIN, "b@example.com")
    assert (changed.disabled_at, changed.created_at) == (app.clock.now(), NOW)
    assert app.manage_users.one(ADMIN, "ann") == changed


def test_one_invalid_field_changes_nothing(app: InMemoryApp) -> None:
    before = app.store.committed
    fields = {"role": "owner", "email": 5, "password": "", "disabled": "true", "name": "bob", "id": 1}
    with pytest.raises(InvalidInput) as raised:
        app.manage_users.change(ADMIN, "ann", fields)
    assert sorted(error.field for error in raised.value.errors) == sorted(fields)
    assert app.store.committed == before


@pytest.mark.parametrize("fields", [{"role": None}, {"password": None}, {"disabled": None}, {"email": ""}])
def test_only_address_can_be_cleared(app: InMemoryApp, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        app.manage_users.change(ADMIN, "ann", fields)
    assert app.manage_users.change(ADMIN, "ann", {"email": None}).email is None


def test_enabled_user_keeps_password(app: InMemoryApp) -> None:
    app.manage_users.disable(ADMIN, "ann")
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_password("ann", PASSWORD)
    for _ in range(2):
        assert app.manage_users.change(ADMIN, "ann", {"disabled": False}).disabled_at is None
    assert app.sign_in.with_password("ann", PASSWORD) == Actor("user:ann", Role.AGENT)


def test_role_applies_at_next_sign_in(app: InMemoryApp) -> None:
    app.manage_users.change(ADMIN, "ann", {"role": "viewer"})
    assert app.sign_in.with_password("ann", PASSWORD).role is Role.VIEWER


@pytest.mark.parametrize("fields", LOCK_OUT)
@pytest.mark.parametrize("actor", [ADMIN, Actor("user:root", Role.ADMIN)], ids=lambda actor: actor.name)
def test_last_admin_cannot_be_demoted(app: InMemoryApp, actor: Actor, fields: dict[str, object]) -> None:
    app.manage_users.add(OPERATOR, "root", Role.ADMIN, PASSWORD)
    app.manage_users.add(OPERATOR, "locked out", Role.ADMIN, PASSWORD)
    app.manage_users.disable(OPERATOR, "locked out")
    before = app.store.committed
    with pytest.raises(LastAdmin) as raised:
        app.manage_users.change(actor, "root", {**fields, "email": "root@example.com"})
    assert raised.value.name == "root"
    assert app.store.committed == before


@pytest.mark.parametrize("fields", LOCK_OUT)
def test_other_admins_can_be_removed(app: InMemoryApp, fields: dict[str, object]) -> None:
    for name in ("root", "toor"):
        app.manage_users.add(OPERATOR, name, Role.ADMIN, PASSWORD)
    app.manage_users.change(ADMIN, "root", fields)
    app.manage_users.change(OPERATOR, "toor", fields)
    assert not any(user.is_enabled_admin for user in app.manage_users.all(ADMIN))


def test_last_admin_can_be_edited(app: InMemoryApp) -> None:
    app.manage_users.add(OPERATOR, "root", Role.ADMIN, PASSWORD)
    fields = {"role": "admin", "disabled": False, "password": "another phrase", "email": "root@example.com"}
    assert app.manage_users.change(ADMIN, "root", fields).is_enabled_admin


def test_users_are_editable_without_admins(app: InMemoryApp) -> None:
    assert app.manage_users.change(ADMIN, "ann", {"disabled": True}).disabled_at == NOW


def test_invalid_user_lists_all_errors(app: InMemoryApp) -> None:
    raw = {"name": "a:b", "role": 1, "email": "x", "admin": True}
    with pytest.raises(InvalidInput) as raised:
        app.manage_users.create(ADMIN, raw)
    messages = {error.field: error.message for error in raised.value.errors}
    assert sorted(messages) == ["admin", "email", "name", "password", "role"]
    assert (messages["password"], messages["role"], messages["admin"]) == (
        "is required",
        "must be text",
        "is not a field here",
    )


def test_invalid_key_lists_all_errors(app: InMemoryApp) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.manage_api_keys.create(ADMIN, {"name": None, "role": "owner", "key": "lt_mine"})
    assert sorted(error.field for error in raised.value.errors) == ["key", "name", "role"]


def test_issued_key_hides_its_secret(app: InMemoryApp) -> None:
    issued = app.manage_api_keys.create(ADMIN, {"name": "website", "role": "agent"})
    assert issued.secret not in repr(issued)
    assert app.sign_in.with_api_key(issued.secret) == issued.key.actor
