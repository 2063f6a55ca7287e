"""Group commit: concurrent units of work share one transaction, and so one wait for the disk.

SQLite admits one writer at a time, and a writer spends most of its time waiting for the disk in COMMIT. A
unit of work that ends while other threads wait does not commit: it hands the open transaction on.
The thread that finds no other one waiting commits for the whole group, and only then does each member return.
Every member after the first runs in a savepoint, so a failure rolls back that member alone.
"""

import time
from contextlib import suppress
from queue import SimpleQueue

import peewee
from attrs import field, mutable

from leadtracker.adapters.database.engine.transactions import Transaction
from leadtracker.adapters.database.engine.write_lock import FairLock, InterProcessLock

_WAIT_TIMEOUT_SECONDS = 5.0


@mutable
class _Group:
    """The units of work that share one transaction.

    Attributes:
        done: the number of members that have ended and wait for the commit.
        outcomes: one entry for each of them once the transaction ends: None, or why nothing was stored.
    """

    done: int = 0
    outcomes: "SimpleQueue[BaseException | None]" = field(factory=SimpleQueue)


class GroupCommit:
    """The only writing connection of this process; the thread that holds the write lock uses it.

    Args:
        database: the connection, opened on first use.
        process_lock: orders the writers of all processes.
    """

    def __init__(self, database: peewee.Database, process_lock: InterProcessLock) -> None:
        self.database = database
        self._process_lock = process_lock
        self._thread_lock = FairLock()
        self._group: _Group | None = None  # only the holder of the thread lock touches it

    @property
    def waiting(self) -> int:
        """The number of threads that wait for the write lock."""
        return self._thread_lock.waiting

    def begin(self) -> None:
        """Acquire the write lock, then begin a unit of work.

        Raises:
            OperationalError: another writer held the lock for too long, or the database failed.
        """
        deadline = time.monotonic() + _WAIT_TIMEOUT_SECONDS
        if not self._thread_lock.acquire(_WAIT_TIMEOUT_SECONDS):
            raise _busy()
        if self._group is None:
            self._group = self._begin_transaction(deadline)
            return
        try:
            self.database.execute_sql("SAVEPOINT unit")
        except BaseException as error:
            self._give_up(self._group, error)
            raise

    def commit(self) -> None:
        """End a unit of work, and return when it is durable.

        Raises:
            PeeweeException: nothing was stored.
        """
        group = self._open_group()
        if group.done:
            try:
                self.database.execute_sql("RELEASE unit")
            except BaseException as error:
                self._give_up(group, error)
                raise
        self._wait_for_commit(group)

    def roll_back(self) -> None:
        """Roll back a unit of work.

        It may have read rows of earlier members, which are not durable yet. It therefore waits for the commit
        as well: a caller must be able to rely on what it was shown.

        Raises:
            PeeweeException: the rows that it read were not stored.
        """
        group = self._open_group()
        try:
            self._undo(group)
        except BaseException as error:
            self._give_up(group, error)
            if group.done:
                raise
            return  # the first member read only durable rows, and the error that led here matters more
        if group.done:
            self._wait_for_commit(group)
        else:
            self._end(group, None)

    def _wait_for_commit(self, group: _Group) -> None:
        group.done += 1
        if not self._thread_lock.hand_off():
            self._commit(group)
        failure = group.outcomes.get()
        if failure is not None:
            raise peewee.OperationalError("the transaction could not be committed") from failure

    def close(self) -> None:
        """Close what is open."""
        self.database.close()
        self._process_lock.close()

    def _begin_transaction(self, deadline: float) -> _Group:
        try:
            if not self._process_lock.acquire(deadline - time.monotonic()):
                raise _busy()
            self.database.begin()
        except BaseException:
            self._process_lock.release()
            self._thread_lock.release()
            raise
        return _Group()

    def _undo(self, group: _Group) -> None:
        if group.done:
            self.database.execute_sql("ROLLBACK TO unit")
            self.database.execute_sql("RELEASE unit")
        else:
            self.database.rollback()

    def _commit(self, group: _Group) -> None:
        try:
            self.database.commit()
        except BaseException as error:  # noqa: BLE001 - each member raises it
            self._give_up(group, error)
        else:
            self._end(group, None)

    def _give_up(self, group: _Group, error: BaseException) -> None:
        """Fail every member: the connection or the transaction is lost, so nothing was stored."""
        with suppress(peewee.PeeweeException):
            self.database.close()
        self._end(group, error)

    def _end(self, group: _Group, error: BaseException | None) -> None:
        self._group = None
        self._process_lock.release()
        for _ in range(group.done):
            group.outcomes.put(error)
        self._thread_lock.release()

    def _open_group(self) -> _Group:
        if self._group is None:
            raise RuntimeError("No unit of work has begun.")
        return self._group


def _busy() -> peewee.OperationalError:
    return peewee.OperationalError("another writer holds the database for too long")


class GroupedTransaction(Transaction):
    """One unit of work's part of the transaction that its group shares."""

    def __init__(self, group_commit: GroupCommit) -> None:
        self.database = group_commit.database
        self._group_commit = group_commit
        self._is_open = False

    def begin(self) -> None:
        self._group_commit.begin()
        self._is_open = True

    def commit(self) -> None:
        self._is_open = False
        self._group_commit.commit()

    def end(self) -> None:
        if self._is_open:
            self._is_open = False
            self._group_commit.roll_back()
