"""Contract suite of ``AccountLinks``."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.accounts.account_link import AccountLink, LinkPurpose
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_user
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

INVITATION = AccountLink(
    id="one",
    purpose=LinkPurpose.INVITATION,
    user="ann",
    digest="a" * 64,
    sealed_token="sealed",
    created_at=NOW,
)
RESET = evolve(
    INVITATION,
    id="two",
    purpose=LinkPurpose.PASSWORD_RESET,
    digest="b" * 64,
    created_at=NOW + MICROSECOND,
    is_waiting=False,
)
OF_BOB = evolve(RESET, id="three", user="bob", digest="c" * 64, is_waiting=True)
OF_NO_USER = evolve(
    RESET, id="four", user=None, digest="d" * 64, created_at=NOW + timedelta(hours=1), is_waiting=True
)
ALL = (OF_NO_USER, OF_BOB, RESET, INVITATION)


class AccountLinksContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.fixture(autouse=True)
    def _stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for name in ("ann", "bob"):
                tx.users.add(make_user(name))
            for link in ALL:
                tx.account_links.add(link)
            tx.commit()

    def test_links_are_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            links = tx.account_links
            assert [links.find(link.id) for link in ALL] == list(ALL)
            assert [links.find_by_digest(link.digest) for link in ALL] == list(ALL)
            assert (links.find("x"), links.find_by_digest("x")) == (None, None)
            assert links.of("ann") == [INVITATION, RESET]
            assert links.waiting() == [INVITATION, OF_BOB, OF_NO_USER]

    def test_mail_is_enqueued_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            marked = [tx.account_links.mark_enqueued(link_id) for link_id in ("one", "one", "two", "x")]
            tx.commit()
        assert marked == [True, False, False, False]
        with unit_of_work.read_only() as tx:
            assert tx.account_links.find("one") == evolve(INVITATION, is_waiting=False)

    def test_link_is_taken_once_by_concurrent_callers(self, unit_of_work: UnitOfWorkFactory) -> None:
        def take(_number: int) -> AccountLink | None:
            with unit_of_work() as tx:
                taken = tx.account_links.take(RESET.digest)
                tx.commit()
            return taken

        taken = run_in_threads(4, take)
        assert [one for one in taken if one] == [RESET]

    def test_links_are_removed(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.account_links.remove_of("ann")
            tx.account_links.remove("three")
            tx.account_links.remove("x")
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert [tx.account_links.find(link.id) for link in ALL] == [OF_NO_USER, None, None, None]

    def test_old_links_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert tx.account_links.purge(NOW + MICROSECOND) == 3
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.account_links.waiting() == [OF_NO_USER]
