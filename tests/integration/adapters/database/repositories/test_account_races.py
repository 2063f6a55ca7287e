"""Accounts that are managed by many at once."""

import threading

import pytest

from leadtracker.adapters.system.operating_system import SystemIdSource
from leadtracker.domain.errors import LastAdmin
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.manage_users import EnsureAdmin, ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads
from tests.support.instruments.expected_errors import result_or_error
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.memory.system import MemoryClock

PROCESSES = 4
_BARRIER_TIMEOUT_SECONDS = 30


class MeetingHasher(MemoryPasswordHasher):
    """Waits with each hash until all processes are about to make theirs."""

    def __init__(self) -> None:
        self._all_are_here = threading.Barrier(PROCESSES)

    def hash(self, password: str) -> str:
        self._all_are_here.wait(_BARRIER_TIMEOUT_SECONDS)
        return super().hash(password)


@pytest.fixture
def manage_users(unit_of_work: UnitOfWorkFactory) -> ManageUsers:
    return InMemoryApp(unit_of_work=unit_of_work).manage_users


def test_concurrent_first_starts_make_one_admin(
    unit_of_work: UnitOfWorkFactory, manage_users: ManageUsers
) -> None:
    meeting = InMemoryApp(unit_of_work=unit_of_work, hasher=MeetingHasher()).manage_users
    ensure_admin = EnsureAdmin(manage_users=meeting, ids=SystemIdSource())
    passwords = run_in_threads(PROCESSES, lambda _: ensure_admin("root", None))
    (password,) = [text for text in passwords if text is not None]
    assert [user.name for user in manage_users.all(OPERATOR)] == ["root"]
    sign_in = SignIn(unit_of_work=unit_of_work, hasher=MemoryPasswordHasher(), clock=MemoryClock(NOW))
    assert sign_in.with_password("root", password) == Actor("user:root", Role.ADMIN)


@pytest.mark.parametrize("round_number", range(5))
@pytest.mark.parametrize("fields", [{"disabled": True}, {"role": "viewer"}], ids=["disable", "demote"])
def test_concurrent_lockouts_leave_one_admin(
    manage_users: ManageUsers, fields: dict[str, object], round_number: int
) -> None:
    names = [f"admin {round_number} {number}" for number in range(PROCESSES)]
    for name in names:
        manage_users.add(OPERATOR, name, Role.ADMIN, "correct horse")

    def lock_out_the_next(number: int) -> object:
        actor, victim = Actor(f"user:{names[number]}", Role.ADMIN), names[number - 1]
        return result_or_error(lambda: manage_users.change(actor, victim, fields), LastAdmin)

    errors = [one for one in run_in_threads(PROCESSES, lock_out_the_next) if isinstance(one, LastAdmin)]
    (left,) = [user.name for user in manage_users.all(OPERATOR) if user.is_enabled_admin]
    assert [raised.name for raised in errors] == [left]


def test_concurrent_user_changes_are_all_kept(manage_users: ManageUsers) -> None:
    manage_users.add(OPERATOR, "ann", Role.VIEWER, "correct horse")
    changes: list[dict[str, object]] = [{"role": "agent"}, {"email": "ann@example.com"}, {"disabled": True}]
    run_in_threads(len(changes), lambda number: manage_users.change(OPERATOR, "ann", changes[number]))
    (ann,) = manage_users.all(OPERATOR)
    assert (ann.role, ann.email, ann.disabled_at) == (Role.AGENT, "ann@example.com", NOW)
