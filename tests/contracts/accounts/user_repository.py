"""Contract suite of ``UserRepository``."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_user
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads


def add(unit_of_work: UnitOfWorkFactory, *users: User) -> None:
    """Add users and commit."""
    with unit_of_work() as tx:
        for user in users:
            tx.users.add(user)
        tx.commit()


def listed(unit_of_work: UnitOfWorkFactory) -> list[User]:
    """Return all committed users."""
    with unit_of_work.read_only() as tx:
        return tx.users.all()


class UserRepositoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "user",
        [
            make_user(),
            make_user("Zoë 🦊", Role.VIEWER, email="z@example.com", created_at=NOW + MICROSECOND),
            make_user("'; --", Role.ADMIN, disabled_at=NOW),
        ],
        ids=lambda user: str(user.role),
    )
    def test_user_round_trips(self, unit_of_work: UnitOfWorkFactory, user: User) -> None:
        add(unit_of_work, user)
        with unit_of_work.read_only() as tx:
            assert tx.users.get(user.name) == tx.users.find(user.name) == user

    def test_unknown_name_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_user("ann"))
        with unit_of_work.read_only() as tx:
            assert tx.users.find("Ann") is None
            with pytest.raises(AccountNotFound) as raised:
                tx.users.get("Ann")
        assert str(raised.value) == "there is no user Ann"

    def test_taken_name_leaves_the_transaction_usable(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_user("ann"))
        with unit_of_work() as tx:
            with pytest.raises(NameTaken) as raised:
                tx.users.add(make_user("ann", Role.ADMIN))
            tx.users.add(make_user("bob"))
            tx.commit()
        assert raised.value.name == "ann"
        assert listed(unit_of_work) == [make_user("ann"), make_user("bob")]

    def test_concurrent_adds_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        def try_to_add(number: int) -> bool:
            try:
                add(unit_of_work, make_user(password_hash=str(number)))
            except NameTaken:
                return False
            return True

        added = run_in_threads(8, try_to_add)
        assert added.count(True) == 1
        assert listed(unit_of_work) == [make_user(password_hash=str(added.index(True)))]

    def test_users_are_listed_in_code_point_order(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert listed(unit_of_work) == []
        names = ["Zoe", "ann", "bob", "bob 2", "\u00e9mile"]
        add(unit_of_work, *map(make_user, reversed(names)))
        assert [user.name for user in listed(unit_of_work)] == names

    def test_saving_keeps_the_creation_time(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_user("ann"), make_user("bob"))
        changed = evolve(
            make_user("ann"),
            role=Role.VIEWER,
            email="ann@example.com",
            password_hash="new",
            disabled_at=NOW,
        )
        for state in (changed, make_user("ann")):
            with unit_of_work() as tx:
                tx.users.save(state)
                tx.commit()
            assert listed(unit_of_work) == [state, make_user("bob")]

    def test_enabled_admins_are_listed_by_name(self, unit_of_work: UnitOfWorkFactory) -> None:
        ann, bob = make_user("ann", Role.ADMIN), make_user("bob", Role.ADMIN)
        locked_out = make_user("cem", Role.ADMIN, disabled_at=NOW)
        add(unit_of_work, bob, locked_out, make_user("dan", Role.AGENT), ann)
        for begin in (unit_of_work, unit_of_work.read_only):
            with begin() as tx:
                assert tx.users.enabled_admins() == [ann, bob]

    def test_concurrent_user_updates_are_all_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_user(email="x@example.com"))

        def change(_: int) -> None:
            with unit_of_work() as tx:
                user = tx.users.get("ann")
                tx.users.save(evolve(user, email=f"x{user.email}"))
                tx.commit()

        run_in_threads(8, change)
        assert [user.email for user in listed(unit_of_work)] == ["x" * 9 + "@example.com"]

    def test_concurrent_admin_checks_are_serialised(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, *(make_user(str(number), Role.ADMIN) for number in range(8)))

        def disable_one(number: int) -> int:
            with unit_of_work() as tx:
                admins = tx.users.enabled_admins()
                tx.users.save(evolve(admins[number % len(admins)], disabled_at=NOW))
                tx.commit()
            return len(admins)

        assert sorted(run_in_threads(8, disable_one)) == list(range(1, 9))
