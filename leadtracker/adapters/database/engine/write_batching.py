"""Write batching: what units of work only want stored is executed later, and for several of them at once.

A unit of work that asks nothing needs no connection of its own. It leaves what is to be written to whoever
leads: the first to come. The leader stores the writes of all who wait, the same statement for all of them in
one go, in one transaction; whoever came meanwhile waits for the next, which one of them leads. Each returns
only when its own is committed. (Such a leader is called a combiner: Hendler and others, "Flat combining",
SPAA 2010.)

If anything is refused, each is stored by itself, so that what is wrong with one harms no other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import peewee
from attrs import field, frozen, mutable

from leadtracker.adapters.database.engine.transactions import Transaction
from leadtracker.domain.errors import StorageUnavailable

_ATTEMPTS_TO_WRITE = 10  # another one is needed only if the primary lead of an address came or went meanwhile


@frozen
class Write:
    """A statement that must touch one row, and its parameters."""

    sql: str
    params: Sequence[Any]

    def execute(self, database: peewee.Database) -> None:
        """Write the row.

        Raises:
            PeeweeException: the database refuses.
            StorageUnavailable: others keep changing what it depends on.
        """
        for _ in range(_ATTEMPTS_TO_WRITE):
            # On PostgreSQL a lead of the same address may have been committed since a sub-select
            # looked; the unique index then refuses this one, and the next round sees the other.
            if database.execute_sql(self.sql, self.params).rowcount == 1:
                return
        raise StorageUnavailable("other processes keep changing what this depends on")


@mutable(eq=False)
class _Unit:
    """The writes of one unit of work.

    Attributes:
        wakeup: released when they are stored or could not be, or when their owner is to lead.
        is_over: whether it is known what became of them.
        failure: why they are not stored, as is assumed until they are.
    """

    writes: Sequence[Write]
    wakeup: Lock = field(factory=Lock)
    is_over: bool = False
    failure: Exception | None = field(factory=lambda: peewee.OperationalError("who led did not come back"))

    def __attrs_post_init__(self) -> None:
        self.wakeup.acquire()


class _BatchRejected(Exception):
    """Not everything can be stored together."""


class WriteBatcher:
    """Stores the writes of units of work, together with those of other threads.

    Args:
        writing: makes a transaction.
    """

    def __init__(self, writing: Callable[[], Transaction]) -> None:
        self._writing = writing
        self._lock = Lock()
        self._waiting: list[_Unit] = []
        self.has_leader = False

    @property
    def waiting(self) -> int:
        """How many units of work wait for the next transaction."""
        return len(self._waiting)

    def store(self, writes: Sequence[Write]) -> None:
        """Store the writes of a unit of work, durably, all or none.

        Raises:
            PeeweeException: they are not stored.
            StorageUnavailable: as above.
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
        """Store what waits, then let the first of those who came meanwhile lead."""
        units: list[_Unit] = []
        try:
            self._store_together(units)
        except _BatchRejected:
            for unit in units:
                self._store_alone(unit)
        except Exception as error:  # noqa: BLE001 - each of them raises it
            units = units or self._collect()
            for unit in units:
                unit.failure = error
        finally:
            self._end(units or self._collect())

    def _store_together(self, units: list[_Unit]) -> None:
        """Store what waits once the turn has come, and add it to ``units``."""
        with self._transaction() as transaction:
            units += self._collect()  # not before: while others had the turn, more came
            _execute_together(transaction.database, units)
            transaction.commit()
        for unit in units:
            unit.failure = None

    def _collect(self) -> list[_Unit]:
        with self._lock:
            units, self._waiting = self._waiting, []
        return units

    def _end(self, units: Sequence[_Unit]) -> None:
        """Tell the owners that it is known what became of theirs, and one who waits that it is to lead."""
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
    rows: dict[str, list[Sequence[Any]]] = {}
    for unit in units:
        for write in unit.writes:
            rows.setdefault(write.sql, []).append(write.params)
    try:
        for sql, params in rows.items():
            if _execute_many(database, sql, params) != len(params):
                raise _BatchRejected
    except peewee.PeeweeException as error:
        raise _BatchRejected from error


def _execute_many(database: peewee.Database, sql: str, rows: Sequence[Sequence[Any]]) -> int:
    cursor = database.cursor()
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]  # as Peewee itself makes its own errors of the driver's
        cursor.executemany(sql, rows)
    return int(cursor.rowcount)
