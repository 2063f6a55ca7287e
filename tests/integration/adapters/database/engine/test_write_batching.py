"""Write batching: the writes of several units of work are committed together and stay isolated."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import peewee
import pytest

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.transactions import Transaction
from leadtracker.adapters.database.engine.write_batching import Write, WriteBatcher
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.contracts.leads.lead_repository import everything
from tests.support.builders import make_delivery, make_lead
from tests.support.clock import NOW
from tests.support.instruments.polling import eventually

Work = Callable[[UnitOfWork], object]
HELD = "held@example.com"


def write(name: str, address: str = "") -> Work:
    """A lead with its history and a mail, as a capture writes them."""

    def work(tx: UnitOfWork) -> None:
        lead = make_lead(name, address or f"{name}@example.com")
        tx.leads.add_or_mark_duplicate(lead)
        tx.history.append([entry(lead, PUBLIC, Action.CREATED, NOW)])
        tx.deliveries.add([make_delivery(f"m-{name}", lead_id=name)])

    return work


def write_what_is_taken(tx: UnitOfWork) -> None:
    write("unlucky")(tx)
    tx.deliveries.add([make_delivery("m-leader")])


class Queue:
    """Units of work that are done, and wait because another process keeps the first of them waiting.

    On SQLite that one waits for its turn, and the others with it; on PostgreSQL it has begun to write, so the
    others wait for the next transaction.
    """

    def __init__(
        self,
        mine: PeeweeUnitOfWorkFactory,
        other: PeeweeUnitOfWorkFactory,
        pool: ThreadPoolExecutor,
        *,
        waits_for_turn: bool,
    ) -> None:
        self._unit_of_work = mine
        self._pool = pool
        self._other = other().__enter__()
        self._other.leads.add(make_lead("holder", HELD))
        self.leader = pool.submit(self._do, write("leader", HELD))
        batcher, waiting = mine.write_batcher, int(waits_for_turn)
        eventually(lambda: batcher.has_leader and batcher.waiting == waiting, "a thread leads")

    def joined_by(self, work: Work) -> "Future[None]":
        """Do the work in another thread, and wait until it queues behind the leader."""
        waiting = self._unit_of_work.write_batcher.waiting
        future = self._pool.submit(self._do, work)
        eventually(lambda: self._unit_of_work.write_batcher.waiting > waiting, "it waits")
        return future

    def go(self) -> None:
        """Let all waiting threads continue."""
        self._other.__exit__(None, None, None)

    def _do(self, work: Work) -> None:
        with self._unit_of_work() as tx:
            work(tx)
            tx.commit()


@pytest.fixture
def queue(
    dialect: Dialect, unit_of_work: PeeweeUnitOfWorkFactory, another_unit_of_work: PeeweeUnitOfWorkFactory
) -> Iterator[Queue]:
    waits_for_turn = dialect.kind == "sqlite"
    with ThreadPoolExecutor(9) as pool:
        queue = Queue(unit_of_work, another_unit_of_work, pool, waits_for_turn=waits_for_turn)
        yield queue
        queue.go()


def whole(unit_of_work: PeeweeUnitOfWorkFactory) -> set[str]:
    """The ids of all leads, each of which must have its history and its mail."""
    leads = everything(unit_of_work)
    with unit_of_work.read_only() as tx:
        for name in leads:
            assert [one.action for one in tx.history.of(name)] == [Action.CREATED]
            assert tx.deliveries.get(f"m-{name}").lead_id == name
    return set(leads)


def test_writers_return_only_after_the_commit(queue: Queue, unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    futures = [queue.leader, *(queue.joined_by(write(name)) for name in "abc")]
    assert not any(future.done() for future in futures)
    assert not everything(unit_of_work)
    queue.go()
    for future in futures:
        future.result(10)
    assert whole(unit_of_work) == {"leader", "a", "b", "c"}


def test_earliest_writer_of_an_address_is_primary(
    queue: Queue, unit_of_work: PeeweeUnitOfWorkFactory
) -> None:
    futures = [queue.joined_by(write(name, "same@example.com")) for name in "cab"]
    queue.go()
    for future in futures:
        future.result(10)
    stored = everything(unit_of_work)
    assert {name: stored[name].duplicate_of for name in "abc"} == {"a": "c", "b": "c", "c": None}


@pytest.mark.parametrize("position", range(3))
def test_rejected_write_fails_alone(
    queue: Queue, unit_of_work: PeeweeUnitOfWorkFactory, position: int
) -> None:
    works = [write("a"), write("b")]
    works.insert(position, write_what_is_taken)
    futures = [queue.joined_by(work) for work in works]
    queue.go()
    assert isinstance(futures.pop(position).exception(10), peewee.IntegrityError)
    for future in [queue.leader, *futures]:
        future.result(10)
    assert whole(unit_of_work) == {"leader", "a", "b"}


def test_after_an_error_the_next_are_stored(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    for work in (write("leader"), write("next")):
        with unit_of_work() as tx:
            work(tx)
            tx.commit()
        with pytest.raises(peewee.IntegrityError), unit_of_work() as tx:
            write_what_is_taken(tx)
            tx.commit()
    assert whole(unit_of_work) == {"leader", "next"}


def test_uncommitted_writes_are_discarded(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    with unit_of_work() as tx:
        write("forgotten")(tx)
    assert not everything(unit_of_work)


def test_query_sees_pending_writes(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    with unit_of_work() as tx:
        write("first", HELD)(tx)
        write("second", HELD)(tx)
        assert tx.leads.get("second").duplicate_of == "first"
    assert not everything(unit_of_work)


def test_abandoned_batch_is_never_acknowledged() -> None:
    go = threading.Event()

    def leave() -> Transaction:
        assert go.wait(10)
        raise SystemExit

    write_batcher = WriteBatcher(leave)
    with ThreadPoolExecutor(3) as pool:
        leader = pool.submit(write_batcher.store, [Write("SELECT 1", ())])
        eventually(lambda: write_batcher.has_leader, "a thread leads")
        followers = [pool.submit(write_batcher.store, [Write("SELECT 1", ())]) for _ in range(2)]
        eventually(lambda: write_batcher.waiting == 1 + len(followers), "two wait with it")
        go.set()
        assert isinstance(leader.exception(10), SystemExit)
        errors = {type(follower.exception(10)) for follower in followers}
    assert errors == {peewee.OperationalError}
    with pytest.raises(SystemExit):  # the next caller leads
        write_batcher.store([Write("SELECT 1", ())])
