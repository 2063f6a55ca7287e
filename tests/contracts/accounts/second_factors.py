"""Contract suites of ``SecondFactorStore`` and ``SecretBox``."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import SecretUnreadable
from leadtracker.domain.model.accounts.second_factor import SecondFactor
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_user
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

ANN = SecondFactor(user="ann", sealed_secret="sealed")
ENABLED = evolve(ANN, enabled_at=NOW, last_step=2**40, failures=3, failed_at=NOW)
BOB = evolve(ANN, user="bob")


class SecondFactorStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.fixture(autouse=True)
    def _stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for factor in (BOB, ANN):
                tx.users.add(make_user(factor.user))
                tx.second_factors.save(factor)
                tx.second_factors.replace_recovery_codes(factor.user, ["one", "two"])
            tx.commit()

    def test_second_factor_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert [tx.second_factors.find(name) for name in ("ann", "bob", "zoe")] == [ANN, BOB, None]
            assert tx.second_factors.all() == [ANN, BOB]

    def test_second_factor_is_replaced(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.second_factors.save(ENABLED)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.second_factors.all() == [ENABLED, BOB]

    def test_removed_second_factor_takes_its_recovery_codes_along(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        for _ in range(2):
            with unit_of_work() as tx:
                tx.second_factors.remove("ann")
                tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.second_factors.all() == [BOB]
            assert [tx.second_factors.count_recovery_codes(name) for name in ("ann", "bob")] == [0, 2]

    def test_recovery_codes_are_replaced(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.second_factors.replace_recovery_codes("ann", ["three"])
            taken = [tx.second_factors.take_recovery_code("ann", code) for code in ("one", "three")]
            tx.commit()
        assert taken == [False, True]

    def test_recovery_code_of_another_user_is_not_taken(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.second_factors.replace_recovery_codes("bob", ["three"])
            assert not tx.second_factors.take_recovery_code("ann", "three")
            tx.commit()

    def test_recovery_code_is_taken_once_by_concurrent_callers(self, unit_of_work: UnitOfWorkFactory) -> None:
        def take(_number: int) -> bool:
            with unit_of_work() as tx:
                is_taken = tx.second_factors.take_recovery_code("ann", "one")
                tx.commit()
            return is_taken

        assert sorted(run_in_threads(4, take)) == [False, False, False, True]

    def test_concurrent_changes_are_serialised(self, unit_of_work: UnitOfWorkFactory) -> None:
        def fail(_number: int) -> None:
            with unit_of_work() as tx:
                factor = tx.second_factors.find("ann")
                assert factor is not None
                tx.second_factors.save(factor.after_failure(NOW))
                tx.commit()

        run_in_threads(8, fail)
        with unit_of_work.read_only() as tx:
            assert tx.second_factors.find("ann") == evolve(ANN, failures=8, failed_at=NOW)


class SecretBoxContract:
    """Requires the fixtures ``box`` and ``other_box``, which has another secret key."""

    def test_sealed_text_is_opened_for_its_purpose_only(self, box: SecretBox, other_box: SecretBox) -> None:
        sealed = box.seal("MZXW6YTBOI", "second factor of Zoë")
        assert box.open(sealed, "second factor of Zoë") == "MZXW6YTBOI"
        assert "MZXW6YTBOI" not in sealed
        for opener, purpose in ((box, "second factor of ann"), (other_box, "second factor of Zoë")):
            with pytest.raises(SecretUnreadable):
                opener.open(sealed, purpose)

    @pytest.mark.parametrize("sealed", ["", "x", "AAAA", "é", "A" * 100])
    def test_damaged_text_is_unreadable(self, box: SecretBox, sealed: str) -> None:
        with pytest.raises(SecretUnreadable):
            box.open(sealed, "purpose")
