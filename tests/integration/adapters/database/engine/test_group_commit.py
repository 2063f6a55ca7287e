"""Units of work that write at the same time share a transaction; none of them notices the others."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from leadtracker.adapters.database.engine.dialects.sqlite import SqliteDialect
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import LeadNotFound, StorageUnavailable
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.contracts.leads.lead_repository import everything
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_lead
from tests.support.instruments.polling import eventually

ORPHAN = """
    INSERT INTO report_attempts (week, number, started_at) VALUES ('1999-W01', 1, '1999-01-01T00:00:00Z')
"""
Work = Callable[[UnitOfWork], object]


class Accident(Exception):
    """Something goes wrong in the middle."""


class WriterGroup:
    """Threads that write one after the other, because the first of them keeps all others waiting."""

    def __init__(self, dialect: SqliteDialect, pool: ThreadPoolExecutor) -> None:
        self._unit_of_work = PeeweeUnitOfWorkFactory(dialect)
        self._group_commit = dialect.group_commit
        self._pool = pool
        self.go = threading.Event()
        self._first_is_in = threading.Event()
        self.first = pool.submit(self._do, self._wait)
        assert self._first_is_in.wait(10)

    def joined_by(self, work: Work) -> "Future[None]":
        """Let another thread queue for its turn to do that."""
        waiting = self._group_commit.waiting
        future = self._pool.submit(self._do, work)
        eventually(lambda: self._group_commit.waiting > waiting, "the thread waits")
        return future

    def _wait(self, tx: UnitOfWork) -> None:
        tx.leads.add(make_lead("first", "first@example.com"))
        self._first_is_in.set()
        assert self.go.wait(10)

    def _do(self, work: Work) -> None:
        with self._unit_of_work() as tx:
            work(tx)
            tx.commit()


@pytest.fixture
def dialect(sqlite_url: str, open_dialect: OpenDialect) -> SqliteDialect:
    dialect = open_dialect(sqlite_url)
    assert isinstance(dialect, SqliteDialect)
    return dialect


@pytest.fixture
def writer_group(dialect: SqliteDialect) -> Iterator[WriterGroup]:
    with ThreadPoolExecutor(9) as pool:
        writer_group = WriterGroup(dialect, pool)
        yield writer_group
        writer_group.go.set()


def add(name: str) -> Work:
    return lambda tx: tx.leads.add(make_lead(name, f"{name}@example.com"))


def look_up_unknown_address_and_fail(tx: UnitOfWork) -> None:
    assert tx.leads.find_primary("unknown@example.com") is None
    raise Accident


def add_and_fail(name: str) -> Work:
    def work(tx: UnitOfWork) -> None:
        add(name)(tx)
        raise Accident

    return work


class Lingering:
    """Adds a lead, and waits until ``stop`` is set."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.inside = threading.Event()

    def __call__(self, tx: UnitOfWork) -> None:
        add("second")(tx)
        self.inside.set()
        assert self.stop.wait(10)


def look_and_fail(tx: UnitOfWork) -> None:
    assert tx.leads.get("first").id == "first"
    raise Accident


def test_group_members_return_after_the_commit(writer_group: WriterGroup, dialect: SqliteDialect) -> None:
    linger = Lingering()
    second = writer_group.joined_by(linger)
    writer_group.go.set()
    assert linger.inside.wait(10)
    assert not writer_group.first.done()
    assert not everything(PeeweeUnitOfWorkFactory(dialect))
    linger.stop.set()
    writer_group.first.result(10)
    second.result(10)
    assert everything(PeeweeUnitOfWorkFactory(dialect)).keys() == {"first", "second"}


def test_readers_wait_for_group_commit(writer_group: WriterGroup) -> None:
    linger = Lingering()
    looker, second = writer_group.joined_by(look_and_fail), writer_group.joined_by(linger)
    writer_group.go.set()
    assert linger.inside.wait(10)
    assert not looker.done()
    linger.stop.set()
    assert isinstance(looker.exception(10), Accident)
    second.result(10)


@pytest.mark.parametrize(
    "fails", [look_up_unknown_address_and_fail, add_and_fail("lost")], ids=["at once", "after writing"]
)
@pytest.mark.parametrize("position", range(3))
def test_failing_member_is_rolled_back_alone(
    writer_group: WriterGroup, dialect: SqliteDialect, fails: Work, position: int
) -> None:
    works = [add("a"), add("b")]
    works.insert(position, fails)
    futures = [writer_group.joined_by(work) for work in works]
    writer_group.go.set()
    writer_group.first.result(10)
    assert isinstance(futures.pop(position).exception(10), Accident)
    for future in futures:
        future.result(10)
    assert everything(PeeweeUnitOfWorkFactory(dialect)).keys() == {"first", "a", "b"}


def test_group_survives_failing_leader(dialect: SqliteDialect) -> None:
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    with pytest.raises(Accident), unit_of_work() as tx:
        add_and_fail("lost")(tx)
    with unit_of_work() as tx:
        add("kept")(tx)
        tx.commit()
    assert everything(unit_of_work).keys() == {"kept"}


def test_failed_commit_is_reported_to_all_members(writer_group: WriterGroup, dialect: SqliteDialect) -> None:
    def spoil(tx: UnitOfWork) -> None:
        add("spoilt")(tx)
        dialect.writer.execute_sql("PRAGMA defer_foreign_keys = 1")
        dialect.writer.execute_sql(ORPHAN)

    futures = [
        writer_group.first,
        writer_group.joined_by(add("a")),
        writer_group.joined_by(look_and_fail),
        writer_group.joined_by(spoil),
    ]
    writer_group.go.set()
    assert {type(future.exception(10)) for future in futures} == {StorageUnavailable}
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    assert not everything(unit_of_work)
    with unit_of_work() as tx:
        add("later")(tx)
        tx.commit()
    assert everything(unit_of_work).keys() == {"later"}


def test_lost_transaction_is_reported_to_all(writer_group: WriterGroup, dialect: SqliteDialect) -> None:
    def lose(tx: UnitOfWork) -> None:
        assert tx.leads.get("first").id == "first"
        dialect.writer.close()
        with pytest.raises(LeadNotFound):
            tx.leads.get("first")

    futures = [writer_group.first, writer_group.joined_by(lose)]
    writer_group.go.set()
    assert {type(future.exception(10)) for future in futures} == {StorageUnavailable}
    assert not everything(PeeweeUnitOfWorkFactory(dialect))


def test_processes_alternate_write_access(sqlite_url: str, open_dialect: OpenDialect) -> None:
    one, other = (PeeweeUnitOfWorkFactory(open_dialect(sqlite_url)) for _ in range(2))
    begun = threading.Event()

    def write(unit_of_work: PeeweeUnitOfWorkFactory, name: str) -> None:
        begun.set()
        with unit_of_work() as tx:
            add(name)(tx)
            tx.commit()

    with ThreadPoolExecutor(1) as pool, one() as tx:
        add("one")(tx)
        later = pool.submit(write, other, "other")
        assert begun.wait(10)
        assert not later.done()
        tx.commit()
        eventually(later.done, "the other process has had its turn")
        later.result()
    assert everything(one).keys() == {"one", "other"}
