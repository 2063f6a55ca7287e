"""Access: who may do what, as the whole table."""

import pytest

from leadtracker.domain.errors import PermissionDenied
from leadtracker.domain.model.accounts.access import (
    OPERATOR,
    PERMISSIONS,
    PUBLIC,
    USER_ROLES,
    Actor,
    Permission,
    Role,
)

PERMISSION_TABLE = """
                     public  sender  viewer  agent  admin
    account:manage     -       -       -       -      x
    audit:read         -       -       -       -      x
    delivery:manage    -       -       -       -      x
    lead:create        -       -       -       x      x
    lead:edit          -       -       -       x      x
    lead:erase         -       -       -       -      x
    lead:export        -       -       -       -      x
    lead:import        -       -       -       -      x
    lead:read          -       -       x       x      x
    quarantine:manage  -       -       -       x      x
    report:read        -       -       x       x      x
    report:send        -       -       -       -      x
"""
HEADER, *ROWS = [line.split() for line in PERMISSION_TABLE.strip().splitlines()]
CELLS = [
    (column, permission, mark == "x")
    for permission, *marks in ROWS
    for column, mark in zip(HEADER, marks, strict=True)
]


@pytest.mark.parametrize(("column", "permission", "allowed"), CELLS)
def test_roles_match_permission_table(column: str, permission: str, *, allowed: bool) -> None:
    actor = PUBLIC if column == "public" else Actor(f"user:{column}", Role(column))
    assert actor.may(Permission(permission)) is allowed
    if allowed:
        actor.require(Permission(permission))
    else:
        with pytest.raises(PermissionDenied) as raised:
            actor.require(Permission(permission))
        assert raised.value.permission == permission


def test_table_covers_permissions_and_roles() -> None:
    assert [row[0] for row in ROWS] == list(Permission) == sorted(Permission)
    assert ["public", *Role] == HEADER


def test_roles_are_cumulative() -> None:
    sender, viewer, agent, admin = (PERMISSIONS[role] for role in Role)
    assert sender < viewer < agent < admin == set(Permission)


def test_permissions_are_immutable() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS[Role.VIEWER] = frozenset(Permission)  # type: ignore[index]


def test_senders_are_public_and_users_never_are() -> None:
    sender = Actor("api-key:website", Role.SENDER)
    actors = [PUBLIC, sender, OPERATOR, *(Actor("user:ann", role) for role in USER_ROLES)]
    assert [actor.is_public for actor in actors] == [True, True, False, False, False, False]
    assert [actor.is_anonymous for actor in actors] == [True, False, False, False, False, False]
    assert OPERATOR.role is Role.ADMIN
