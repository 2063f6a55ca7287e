"""Group commit: units of work that write at the same time share a transaction, and its wait for the disk.

Only one unit of work at a time can write to SQLite, and most of that time is COMMIT's wait for the disk. So
whoever is done while others wait does not commit: it hands the open transaction to the next of them, and
whoever finds nobody waiting commits for all. Each returns only then. What fails is undone alone, because
each unit of work but the first is a savepoint.
"""

import time
from contextlib import suppress
from queue import SimpleQueue

import peewee
from attrs import field, mutable

from leadtracker.adapters.database.engine.write_lock import FairLock, InterProcessLock

_WAIT_TIMEOUT_SECONDS = 5.0


@mutable
class _Group:
    """The units of work of one transaction.

    Attributes:
        done: how many are, and wait for the commit.
        outcomes: for each of them None, or why nothing was stored.
    """

    done: int = 0
    outcomes: "SimpleQueue[BaseException | None]" = field(factory=SimpleQueue)


class GroupCommit:
    """The one connection of this process that writes, used by whichever thread has the turn.

    Args:
        database: opened on first use.
        process_lock: takes turns with other processes.
    """

    def __init__(self, database: peewee.Database, process_lock: InterProcessLock) -> None:
        self.database = database
        self._process_lock = process_lock
        self._thread_lock = FairLock()
        self._group: _Group | None = None  # belongs to whoever has the turn

    @property
    def waiting(self) -> int:
        """How many threads wait for the turn."""
        return self._thread_lock.waiting

    def begin(self) -> None:
        """Wait for the turn, then begin a unit of work.

        Raises:
            OperationalError: the turn did not come in time, or the database refuses.
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
        """End a unit of work, and return when it is stored durably.

        Raises:
            PeeweeException: it is not stored.
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
        """End a unit of work as if it had never begun.

        What it read may be of those before it in the group, so it waits until that is stored durably, too:
        whoever is told of something must be able to rely on it.

        Raises:
            PeeweeException: what it read is not stored.
        """
        group = self._open_group()
        try:
            self._undo(group)
        except BaseException as error:
            self._give_up(group, error)
            if group.done:
                raise
            return  # the first of its group read what is stored, and what led here matters more
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
        """Tell all of a group that nothing was stored: the connection, or the transaction, is gone."""
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
            raise RuntimeError("no unit of work has begun")
        return self._group


def _busy() -> peewee.OperationalError:
    return peewee.OperationalError("others are writing for too long")
