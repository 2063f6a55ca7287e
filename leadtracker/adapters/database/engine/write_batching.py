"""Write batching: one thread executes the queued statements of all waiting units of work in one transaction.

A unit of work that only writes needs no connection. The first thread to arrive leads: it executes the writes
of all units of work that wait, equal statements together with ``executemany``, and commits once. Those
that arrive during that transaction wait for the next one, which one of them leads. Each caller returns after
its own writes are committed. (Such a leader is called a combiner: Hendler and others, "Flat combining and the
synchronization-parallelism tradeoff", SPAA 2010.)

If the batch fails, each unit of work is stored in a separate transaction, so that one does not fail
the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import peewee
from attrs import field, frozen, mutable

from leadtracker.adapters.database.engine.transactions import Transaction
from leadtracker.domain.errors import StorageUnavailable

_MANY = 8  # so that two statements for a savepoint pay off
_ATTEMPTS_TO_WRITE = 1_000  # each failed one means that another process committed: more than can be connected


@frozen
class Limit:
    """The reason for which a statement may write no row: ``sql`` finds one, which the error is made of."""

    sql: str
    params: Sequence[Any]
    error: Callable[[Any], Exception]

    def check(self, database: peewee.Database) -> None:
        """Raise the error if the limit is reached."""
        found = database.execute_sql(self.sql, self.params).fetchone()
        if found is not None:
            raise self.error(found[0])


@frozen
class Write:
    """A statement that must write exactly one row, and its parameters; an optional one may write no row."""

    sql: str
    params: Sequence[Any]
    is_optional: bool = field(default=False, kw_only=True)
    limit: Limit | None = field(default=None, kw_only=True)

    def execute(self, database: peewee.Database) -> None:
        """Write the row.

        Raises:
            PeeweeException: the database rejects the row or is unavailable.
            StorageUnavailable: concurrent commits changed the row it depends on at every attempt.
            Exception: the error of the limit, if that is reached.
        """
        for _ in range(_ATTEMPTS_TO_WRITE):
            # On PostgreSQL, another process may commit a conflicting row after the statement's sub-select
            # ran. ON CONFLICT DO NOTHING then writes no row, and the next attempt sees the other row.
            if database.execute_sql(self.sql, self.params).rowcount == 1 or self.is_optional:
                return
            if self.limit is not None:
                self.limit.check(database)
        raise StorageUnavailable("other processes keep changing what this depends on")


@mutable(eq=False)
class _Unit:
    """The writes of one unit of work.

    Attributes:
        wakeup: released when the writes are stored or have failed, or when their owner has to lead.
        is_over: true once the writes are stored or have failed.
        failure: why the writes are not stored; set until they are.
    """

    writes: Sequence[Write]
    wakeup: Lock = field(factory=Lock)
    is_over: bool = False
    failure: Exception | None = field(
        factory=lambda: peewee.OperationalError("the batch leader did not return")
    )

    def __attrs_post_init__(self) -> None:
        self.wakeup.acquire()


class _BatchRejected(Exception):
    """The writes of the batch cannot be stored in one transaction."""


class WriteBatcher:
    """Stores the writes of units of work together with those of other threads.

    Args:
        writing: creates a transaction that may write.

    Attributes:
        has_leader: true while a thread executes a batch or is about to.
    """

    def __init__(self, writing: Callable[[], Transaction]) -> None:
        self._writing = writing
        self._lock = Lock()
        self._waiting: list[_Unit] = []
        self.has_leader = False

    @property
    def waiting(self) -> int:
        """The number of units of work that wait for the next transaction."""
        return len(self._waiting)

    def store(self, writes: Sequence[Write]) -> None:
        """Store all writes of a unit of work durably, or none.

        Raises:
            PeeweeException: nothing was stored.
            StorageUnavailable: concurrent commits changed a row that a write depends on at every attempt.
        """
        unit = _Unit(writes)
        with self._lock:
            self._waiting.append(unit)
            leads, self.has_leader = not self.has_leader, True
        if not leads:
            unit.wakeup.acquire()
        if not unit.is_over:
            self._lead()
        if unit.failure is not None:
            raise unit.failure

    def _lead(self) -> None:
        """Store all waiting units of work, then make the first newcomer the leader."""
        units: list[_Unit] = []
        try:
            self._store_together(units)
        except _BatchRejected:
            for unit in units:
                self._store_alone(unit)
        except Exception as error:  # noqa: BLE001 - each owner raises it
            units = units or self._collect()
            for unit in units:
                unit.failure = error
        finally:
            self._end(units or self._collect())

    def _store_together(self, units: list[_Unit]) -> None:
        """Acquire the write lock, then store all waiting units of work and append them to ``units``."""
        with self._transaction() as transaction:
            units += self._collect()  # not before: more arrive while another process holds the lock
            _execute_together(transaction.database, units)
            transaction.commit()
        for unit in units:
            unit.failure = None

    def _collect(self) -> list[_Unit]:
        with self._lock:
            units, self._waiting = self._waiting, []
        return units

    def _end(self, units: Sequence[_Unit]) -> None:
        """Wake the owners of the units, and the thread that leads next."""
        with self._lock:
            successor = self._waiting[0] if self._waiting else None
            self.has_leader = successor is not None
        if successor is not None:
            successor.wakeup.release()
        for unit in units:
            unit.is_over = True
            unit.wakeup.release()

    def _store_alone(self, unit: _Unit) -> None:
        try:
            with self._transaction() as transaction:
                for write in unit.writes:
                    write.execute(transaction.database)
                transaction.commit()
            unit.failure = None
        except Exception as error:  # noqa: BLE001 - its owner raises it
            unit.failure = error

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        transaction = self._writing()
        transaction.begin()
        try:
            yield transaction
        finally:
            transaction.end()


def _execute_together(database: peewee.Database, units: Sequence[_Unit]) -> None:
    writes: dict[str, list[Write]] = {}
    for unit in units:
        for write in unit.writes:
            writes.setdefault(write.sql, []).append(write)
    try:
        for sql, equal in writes.items():
            written = execute_many(database, sql, [write.params for write in equal])
            if written != len(equal) and not equal[0].is_optional:
                raise _BatchRejected
    except peewee.PeeweeException as error:
        raise _BatchRejected from error


def execute_equal(database: peewee.Database, writes: Sequence[Write]) -> None:
    """Execute writes of one statement within a transaction, many of them in one call.

    Raises:
        PeeweeException: as ``Write.execute``.
        StorageUnavailable: as ``Write.execute``.
    """
    if len(writes) >= _MANY:
        with database.savepoint() as savepoint:
            written = execute_many(database, writes[0].sql, [write.params for write in writes])
            if written == len(writes) or writes[0].is_optional:
                return
            savepoint.rollback()  # one wrote no row, and which one is not known
    for write in writes:
        write.execute(database)


def execute_many(database: peewee.Database, sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Execute a statement with each of the parameters, and return the number of rows that they wrote."""
    cursor = database.cursor()
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]  # translates driver errors as Peewee does
        cursor.executemany(sql, rows)
    return int(cursor.rowcount)
