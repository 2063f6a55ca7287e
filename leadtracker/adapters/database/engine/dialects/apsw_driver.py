"""apsw, which brings SQLite for every common platform, behind the DB-API that Peewee expects of ``sqlite3``.

Only what this package and Peewee use is here. Errors are those of the standard library's ``sqlite3``, so that
code which handles errors does not need to know which driver raised them.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import apsw

version: tuple[int, ...] = tuple(map(int, apsw.sqlite_lib_version().split(".")))

# As the sqlite3 module classifies SQLite's result codes; the remaining ones are OperationalError.
_CLASSES: dict[type[Exception], type[sqlite3.Error]] = {
    apsw.BindingsError: sqlite3.ProgrammingError,
    apsw.ConnectionClosedError: sqlite3.ProgrammingError,
    apsw.ConstraintError: sqlite3.IntegrityError,
    apsw.CorruptError: sqlite3.DatabaseError,
    apsw.CursorClosedError: sqlite3.ProgrammingError,
    apsw.InternalError: sqlite3.InternalError,
    apsw.MismatchError: sqlite3.IntegrityError,
    apsw.MisuseError: sqlite3.InterfaceError,
    apsw.NotADBError: sqlite3.DatabaseError,
    apsw.RangeError: sqlite3.InterfaceError,
    apsw.ThreadingViolationError: sqlite3.ProgrammingError,
    apsw.TooBigError: sqlite3.DataError,
}
_PAGES_PER_STEP = 1000


def _translated(error: apsw.Error) -> sqlite3.Error:
    return _CLASSES.get(type(error), sqlite3.OperationalError)(*error.args)


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise _translated(error) from error


class Cursor(apsw.Cursor):
    """A cursor as the DB-API specifies it.

    The methods translate errors by themselves instead of ``_translated_errors``, which would cost more than
    many statements take.
    """

    rowcount = -1

    @property
    def description(self) -> Any:  # type: ignore[override]  # an attribute in apsw's stubs
        """One tuple per column, its name first; None if there is no row to fetch."""
        try:
            return super().description
        except apsw.ExecutionCompleteError:
            return None

    @property
    def lastrowid(self) -> int:
        """The number of the row that was inserted last."""
        return self.connection.last_insert_rowid()

    def execute(self, statements: str, bindings: Any = None, **options: Any) -> "Cursor":
        """Execute a statement up to its first row."""
        try:
            super().execute(statements, bindings, **options)
            self.rowcount = self.connection.changes()
        except apsw.Error as error:
            raise _translated(error) from error
        return self

    def executemany(self, statements: str, sequenceofbindings: Iterable[Any], **options: Any) -> "Cursor":
        """Execute a writing statement with each of the parameters; ``rowcount`` counts all written rows."""
        written = 0
        for bindings in sequenceofbindings:  # SQLite's own total would include the rows that triggers write
            written += self.execute(statements, bindings, **options).rowcount
        self.rowcount = written
        return self

    def fetchone(self) -> Any:
        """Return the next row; None after the last one."""
        try:
            return super().fetchone()
        except apsw.Error as error:
            raise _translated(error) from error

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        try:
            return super().fetchall()
        except apsw.Error as error:
            raise _translated(error) from error


class Connection(apsw.Connection):
    """A connection as the DB-API specifies it; each statement is a transaction unless one was begun.

    Args:
        path: the database file, created if it is missing.
        timeout: how long a statement waits for a lock, in seconds.
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 5.0) -> None:
        super().__init__(os.fspath(path))
        self.cursor_factory = Cursor
        self.convert_binding = _to_text
        self.set_busy_timeout(int(timeout * 1000))

    @property
    def total_changes(self) -> int:  # type: ignore[override]  # a property in the DB-API, which the pool reads
        """The number of rows written since the connection was opened."""
        with _translated_errors():
            return super().total_changes()

    def commit(self) -> None:
        """Commit the transaction, if there is one."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Roll the transaction back, if there is one."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        """Define a SQL function."""
        self.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def backup(self, target: apsw.Connection) -> None:  # type: ignore[override]  # the DB-API's signature
        """Copy the committed content to another database."""
        with _translated_errors():
            copying = apsw.Connection.backup(target, "main", self, "main")
            with copying:
                while not copying.done:
                    copying.step(_PAGES_PER_STEP)


def connect(path: str | os.PathLike[str], *, timeout: float = 5.0, **_options: Any) -> Connection:
    """Open a database; other options of ``sqlite3.connect`` say what is always so here.

    Raises:
        Error: the file cannot be opened.
    """
    with _translated_errors():
        return Connection(path, timeout=timeout)


def _to_text(_cursor: apsw.Cursor, _position: int, value: Any) -> str:
    """Convert the only type that Peewee's migrations bind and SQLite does not have."""
    if isinstance(value, datetime):
        return str(value)
    raise sqlite3.InterfaceError(f"a {type(value).__name__} cannot be stored in SQLite")
