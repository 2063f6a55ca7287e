"""Units of work that write at the same time share a transaction; none of them notices the others."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from leadtracker.adapters.database.engine.dialects.sqlite import SqliteDialect
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import LeadNotFound, StorageUnavailable
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.contracts.lead_repository import everything
from tests.integration.database.conftest import OpenDialect
from tests.support.builders import make_lead
from tests.support.waiting import eventually

ORPHAN = """
    INSERT INTO report_attempts (week, number, started_at) VALUES ('1999-W01', 1, '1999-01-01T00:00:00Z')
"""
Work = Callable[[UnitOfWork], object]


class Accident(Exception):
    """Something goes wrong in the middle."""


class Crowd:
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
def crowd(dialect: SqliteDialect) -> Iterator[Crowd]:
    with ThreadPoolExecutor(9) as pool:
        crowd = Crowd(dialect, pool)
        yield crowd
        crowd.go.set()


def add(name: str) -> Work:
    return lambda tx: tx.leads.add(make_lead(name, f"{name}@example.com"))


def look_for_nobody_and_fail(tx: UnitOfWork) -> None:
    assert tx.leads.find_primary("nobody@example.com") is None
    raise Accident


def add_and_fail(name: str) -> Work:
    def work(tx: UnitOfWork) -> None:
        add(name)(tx)
        raise Accident

    return work


class Lingering:
    """Adds a lead, and does not go on before it is told to."""

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


def test_whoever_is_done_first_returns_only_when_the_last_has_committed_for_all(
    crowd: Crowd, dialect: SqliteDialect
) -> None:
    linger = Lingering()
    second = crowd.joined_by(linger)
    crowd.go.set()
    assert linger.inside.wait(10)
    assert not crowd.first.done()
    assert not everything(PeeweeUnitOfWorkFactory(dialect))
    linger.stop.set()
    crowd.first.result(10)
    second.result(10)
    assert everything(PeeweeUnitOfWorkFactory(dialect)).keys() == {"first", "second"}


def test_whoever_stores_nothing_returns_only_when_what_it_saw_is_stored(crowd: Crowd) -> None:
    linger = Lingering()
    looker, second = crowd.joined_by(look_and_fail), crowd.joined_by(linger)
    crowd.go.set()
    assert linger.inside.wait(10)
    assert not looker.done()
    linger.stop.set()
    assert isinstance(looker.exception(10), Accident)
    second.result(10)


@pytest.mark.parametrize(
    "fails", [look_for_nobody_and_fail, add_and_fail("lost")], ids=["at once", "after writing"]
)
@pytest.mark.parametrize("place", range(3))
def test_what_fails_is_undone_alone(crowd: Crowd, dialect: SqliteDialect, fails: Work, position: int) -> None:
    works = [add("a"), add("b")]
    works.insert(position, fails)
    futures = [crowd.joined_by(work) for work in works]
    crowd.go.set()
    crowd.first.result(10)
    assert isinstance(futures.pop(position).exception(10), Accident)
    for future in futures:
        future.result(10)
    assert everything(PeeweeUnitOfWorkFactory(dialect)).keys() == {"first", "a", "b"}


def test_after_a_first_that_fails_the_others_are_stored(dialect: SqliteDialect) -> None:
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    with pytest.raises(Accident), unit_of_work() as tx:
        add_and_fail("lost")(tx)
    with unit_of_work() as tx:
        add("kept")(tx)
        tx.commit()
    assert everything(unit_of_work).keys() == {"kept"}


def test_a_commit_that_fails_is_told_to_everybody_it_was_for(crowd: Crowd, dialect: SqliteDialect) -> None:
    def spoil(tx: UnitOfWork) -> None:
        add("spoilt")(tx)
        dialect.writer.execute_sql("PRAGMA defer_foreign_keys = 1")
        dialect.writer.execute_sql(ORPHAN)

    futures = [crowd.first, crowd.joined_by(add("a")), crowd.joined_by(look_and_fail), crowd.joined_by(spoil)]
    crowd.go.set()
    assert {type(future.exception(10)) for future in futures} == {StorageUnavailable}
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    assert not everything(unit_of_work)
    with unit_of_work() as tx:
        add("later")(tx)
        tx.commit()
    assert everything(unit_of_work).keys() == {"later"}


def test_a_transaction_that_is_lost_on_the_way_is_told_to_everybody_it_was_for(
    crowd: Crowd, dialect: SqliteDialect
) -> None:
    def lose(tx: UnitOfWork) -> None:
        assert tx.leads.get("first").id == "first"
        dialect.writer.close()
        with pytest.raises(LeadNotFound):
            tx.leads.get("first")

    futures = [crowd.first, crowd.joined_by(lose)]
    crowd.go.set()
    assert {type(future.exception(10)) for future in futures} == {StorageUnavailable}
    assert not everything(PeeweeUnitOfWorkFactory(dialect))


def test_two_processes_take_turns(sqlite_url: str, open_dialect: OpenDialect) -> None:
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
