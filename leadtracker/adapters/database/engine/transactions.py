"""Transactions: how a unit of work begins, commits and ends, and how driver errors are translated."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import peewee
from playhouse.pool import MaxConnectionsExceeded

from leadtracker.domain.errors import StorageUnavailable

_UNAVAILABLE = (
    peewee.OperationalError,
    peewee.InterfaceError,
    MaxConnectionsExceeded,
    OSError,  # from SQLite's lock file, when its folder is missing, full or not writable
    # Fetching rows bypasses Peewee, so the driver's own class arrives; Peewee's stubs omit the driver.
    peewee.sqlite3.OperationalError,  # type: ignore[attr-defined]
)
_STATES_OF_ANOTHER_SCHEMA = {"42P01", "42703"}  # PostgreSQL's undefined_table and undefined_column


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate driver errors that the environment causes; errors that only a bug can cause pass unchanged.

    Raises:
        StorageUnavailable: the database is unreachable, busy, damaged or has another schema.
    """
    try:
        yield
    except _UNAVAILABLE as error:
        raise _unavailable() from error
    except peewee.DatabaseError as error:
        if not _is_environmental(error):
            raise
        raise _unavailable() from error


def _is_environmental(error: peewee.DatabaseError) -> bool:
    # SQLite raises the base class itself for a file that is damaged or is no database. A missing table is
    # an OperationalError on SQLite, but a ProgrammingError on PostgreSQL.
    state = getattr(error.__context__, "sqlstate", None)
    return type(error) is peewee.DatabaseError or state in _STATES_OF_ANOTHER_SCHEMA


def _unavailable() -> StorageUnavailable:
    # The driver's text may name hosts, users and paths; it stays in the cause, which only the log shows.
    return StorageUnavailable("the database cannot do this now")


class Transaction(Protocol):
    """One transaction, used by one thread.

    Attributes:
        database: executes the statements.
    """

    database: peewee.Database

    def begin(self) -> None:
        """Take a connection and begin.

        Raises:
            PeeweeException: there is no connection, or another writer holds the lock for too long.
        """
        ...

    def commit(self) -> None:
        """Make everything done so far durable.

        Raises:
            PeeweeException: nothing was stored.
        """
        ...

    def end(self) -> None:
        """Roll back what was not committed, and release the connection."""
        ...


class PooledTransaction(Transaction):
    """A transaction on a connection from a pool, returned to the pool at the end.

    Args:
        database: the pool.
        open_connection: takes a working connection for the calling thread.
        begin: begins the transaction; None makes each statement a transaction.
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
            # The connection is lost, or the database has rolled back already. Nothing was stored in
            # either case, and the error that led here is the one to report.
            self.database.close()
