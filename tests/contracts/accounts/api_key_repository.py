"""Contract suite of ``ApiKeyRepository``."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import ApiKey, digest_of
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_api_key
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads


def add(unit_of_work: UnitOfWorkFactory, *keys: ApiKey) -> None:
    """Add keys and commit."""
    with unit_of_work() as tx:
        for key in keys:
            tx.api_keys.add(key)
        tx.commit()


def listed(unit_of_work: UnitOfWorkFactory) -> list[ApiKey]:
    """Return all committed keys."""
    with unit_of_work.read_only() as tx:
        return tx.api_keys.all()


class ApiKeyRepositoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "key",
        [
            make_api_key(),
            make_api_key("Zoë 🦊", Role.VIEWER, created_at=NOW + MICROSECOND),
            make_api_key("'; --", Role.ADMIN, revoked_at=NOW),
            make_api_key("old", Role.SENDER, created_by="user:ann", expires_at=NOW, last_used_at=NOW),
        ],
        ids=lambda key: str(key.role),
    )
    def test_key_is_found_by_name_and_digest(self, unit_of_work: UnitOfWorkFactory, key: ApiKey) -> None:
        add(unit_of_work, make_api_key("another"), key)
        with unit_of_work.read_only() as tx:
            assert tx.api_keys.get(key.name) == key
            assert tx.api_keys.find_by_digest(key.digest) == key

    def test_use_is_recorded(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_api_key("website"), make_api_key("another"))
        with unit_of_work() as tx:
            tx.api_keys.record_use("website", NOW)
            tx.api_keys.record_use("unknown", NOW)
            tx.commit()
        assert {key.name: key.last_used_at for key in listed(unit_of_work)} == {
            "another": None,
            "website": NOW,
        }

    def test_unknown_name_or_digest_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_api_key("website"))
        with unit_of_work.read_only() as tx:
            assert tx.api_keys.find_by_digest(digest_of("lt_other")) is None
            with pytest.raises(AccountNotFound) as raised:
                tx.api_keys.get("Website")
        assert str(raised.value) == "there is no API key Website"

    def test_name_of_a_revoked_key_stays_taken(self, unit_of_work: UnitOfWorkFactory) -> None:
        revoked = make_api_key("website", revoked_at=NOW)
        add(unit_of_work, revoked)
        with unit_of_work() as tx:
            with pytest.raises(NameTaken) as raised:
                tx.api_keys.add(make_api_key("website", digest=digest_of("lt_new")))
            tx.api_keys.add(make_api_key("shop"))
            tx.commit()
        assert raised.value.name == "website"
        assert listed(unit_of_work) == [make_api_key("shop"), revoked]

    def test_keys_are_listed_in_code_point_order(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert listed(unit_of_work) == []
        names = ["Shop", "form", "form 2", "\u00e9cole"]
        add(unit_of_work, *map(make_api_key, reversed(names)))
        assert [key.name for key in listed(unit_of_work)] == names

    def test_saving_changes_one_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_api_key("shop"), make_api_key("website"))
        revoked = evolve(make_api_key("website"), role=Role.VIEWER, revoked_at=NOW)
        with unit_of_work() as tx:
            tx.api_keys.save(revoked)
            tx.commit()
        assert listed(unit_of_work) == [make_api_key("shop"), revoked]

    def test_concurrent_key_updates_are_all_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_api_key(revoked_at=NOW))

        def change(_: int) -> None:
            with unit_of_work() as tx:
                key = tx.api_keys.get("website")
                tx.api_keys.save(evolve(key, revoked_at=(key.revoked_at or NOW) + MICROSECOND))
                tx.commit()

        run_in_threads(8, change)
        assert [key.revoked_at for key in listed(unit_of_work)] == [NOW + 8 * MICROSECOND]
