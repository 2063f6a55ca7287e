"""Contract suite of ``ExternalIdentities``."""

import pytest
from attrs import evolve

from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_user
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

ANN = ExternalIdentity(
    issuer="https://login.example", subject="Ann ü", user="ann", linked_at=NOW + MICROSECOND
)
ANN_ELSEWHERE = evolve(ANN, issuer="https://another.example")
BOB = evolve(ANN, subject="ann ü", user="bob")


class ExternalIdentitiesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.fixture(autouse=True)
    def _stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for name in ("ann", "bob"):
                tx.users.add(make_user(name))
            for identity in (ANN, ANN_ELSEWHERE, BOB):
                assert tx.external_identities.add(identity)
            tx.commit()

    def test_identities_are_found_by_issuer_and_exact_subject(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            for identity in (ANN, ANN_ELSEWHERE, BOB):
                assert tx.external_identities.find(identity.issuer, identity.subject) == identity
            assert tx.external_identities.find(ANN.issuer, "ANN Ü") is None
            assert tx.external_identities.find("https://third.example", ANN.subject) is None

    def test_identities_of_user_are_sorted(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert tx.external_identities.all() == [ANN_ELSEWHERE, ANN, BOB]
            assert tx.external_identities.of_user("ann") == [ANN_ELSEWHERE, ANN]
            assert tx.external_identities.of_user("zoe") == []

    def test_person_stays_linked_to_the_first_user(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert not tx.external_identities.add(evolve(ANN, user="bob"))
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.external_identities.find(ANN.issuer, ANN.subject) == ANN

    def test_identities_of_a_user_are_removed_together(self, unit_of_work: UnitOfWorkFactory) -> None:
        for number in (2, 0):
            with unit_of_work() as tx:
                assert tx.external_identities.remove_of_user("ann") == number
                tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.external_identities.of_user("ann") == []
            assert tx.external_identities.of_user("bob") == [BOB]

    def test_one_of_concurrent_links_wins(self, unit_of_work: UnitOfWorkFactory) -> None:
        def link(number: int) -> bool:
            with unit_of_work() as tx:
                user = ("ann", "bob")[number % 2]
                is_added = tx.external_identities.add(evolve(ANN, subject="new", user=user))
                tx.commit()
                return is_added

        assert sum(run_in_threads(6, link)) == 1
