"""Where the statements of a unit of work are executed, and how that begins and ends."""

from collections.abc import Callable
from typing import Protocol

import peewee

from leadtracker.adapters.database.engine.group_commit import GroupCommit


class Transaction(Protocol):
    """One transaction, used by one thread."""

    database: peewee.Database

    def begin(self) -> None:
        """Get a connection and begin."""
        ...

    def commit(self) -> None:
        """Store everything done so far, durably."""
        ...

    def end(self) -> None:
        """Undo what was not committed, and let go of the connection."""
        ...


class PooledTransaction(Transaction):
    """A transaction on a connection of its own, which is in a pool between times.

    Args:
        database: the pool.
        open_connection: gets one that works.
        begin: begins; None lets each statement be a transaction of its own.
    """

    def __init__(
        self,
        database: peewee.Database,
        open_connection: Callable[[], None],
        begin: Callable[[], object] | None,
    ) -> None:
        self.database = database
        self._open_connection = open_connection
        self._begin = begin
        self._is_open = False

    def begin(self) -> None:
        self._open_connection()
        if self._begin is None:
            return
        try:
            self._begin()
        except BaseException:
            self.database.close()
            raise
        self._is_open = True

    def commit(self) -> None:
        self.database.commit()
        self._is_open = False

    def end(self) -> None:
        if self._is_open:
            self._roll_back()
        self.database.close()

    def _roll_back(self) -> None:
        self._is_open = False
        try:
            self.database.rollback()
        except peewee.PeeweeException:
            # The connection is gone or the store has rolled back by itself; either way nothing was
            # stored, and the error that led here matters more.
            self.database.close()


class GroupedTransaction(Transaction):
    """A part of a transaction that is shared with other units of work of this process."""

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
