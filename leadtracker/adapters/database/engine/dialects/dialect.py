"""The interface to a SQL engine: all that SQLite and PostgreSQL do differently, and their column types."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import peewee

from leadtracker.adapters.database.engine.dialects.integrity import IntegrityCheck
from leadtracker.adapters.database.engine.transactions import Transaction

Select: TypeAlias = "peewee.ModelSelect[Any]"

Likelihood: TypeAlias = Callable[[peewee.Expression, float], peewee.Node]
"""The type of ``Dialect.likelihood``."""


class TimestampField(peewee.Field):
    """A column of timestamps. Only the dialect knows how they are stored, so Peewee must not convert them."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: Any) -> Any:  # noqa: ARG002 - the signature is Peewee's
        message = "statements take timestamps through parameters"
        raise TypeError(message)


class SearchDocumentField(peewee.Field):
    """A column of search terms, in the type that the engine's full-text search needs."""

    field_type = "SEARCH_DOCUMENT"


class Dialect(Protocol):
    """A SQL engine. No other module of this package depends on which one it is.

    The text of a statement depends on the kind only: all databases of a kind share compiled statements.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        has_statistics: true if its planner knows about how many rows satisfy a condition.
        database: the pool of connections; threads borrow one each.
        writer: executes the statements that write.
        integrity: the engine's own checks.
    """

    kind: str
    has_statistics: bool
    database: peewee.Database
    writer: peewee.Database
    integrity: IntegrityCheck

    def open(self) -> None:
        """Give the calling thread a working connection."""
        ...

    def writing(self) -> Transaction:
        """A transaction that may write."""
        ...

    def reading(self) -> Transaction:
        """A pseudo-transaction: each statement sees the rows committed when it runs."""
        ...

    def snapshot(self) -> Transaction:
        """A read-only transaction: all statements see the rows committed when it began."""
        ...

    def release(self) -> None:
        """Return the calling thread's connection to the pool."""
        ...

    def close(self) -> None:
        """Close all connections, before the process forks or ends."""
        ...

    def to_db_timestamp(self, timestamp: datetime) -> Any:
        """Convert a UTC timestamp for storing; stored timestamps sort by time."""
        ...

    def from_db_timestamp(self, stored: Any) -> datetime:
        """Convert a stored timestamp back, in UTC."""
        ...

    @staticmethod
    def timestamp_as_text(column: peewee.Field) -> peewee.Node:
        """An expression for a timestamp column in the format of ``format_timestamp``."""
        ...

    @staticmethod
    def lock_row(query: Select) -> Select:
        """The query, locking its rows against changes until the transaction ends."""
        ...

    @staticmethod
    def likelihood(condition: peewee.Expression, probability: float) -> peewee.Node:
        """The condition, with a hint for planners without statistics: the share of rows that satisfy it."""
        ...

    @staticmethod
    def skip_locked(query: Select) -> Select:
        """As ``lock_row``, but skipping rows that other transactions have locked instead of waiting."""
        ...

    def hold_lock(self, key: int) -> None:
        """Hold the advisory lock with that number until the transaction ends."""
        ...

    def lock_sql(self, key: int) -> str | None:
        """The statement of ``hold_lock``; None if there is nothing to execute."""
        ...

    @staticmethod
    def lock_shared(query: Select) -> Select:
        """The query, locking its rows against deletion until the transaction ends."""
        ...

    def truncate_wal(self) -> None:
        """Remove erased data from the write-ahead log, if no reader prevents it."""
        ...

    def retry_truncation(self) -> None:
        """Do what a reader has kept ``truncate_wal`` from doing, in this process or another; never wait."""
        ...

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Hold the lock that only one migrating process can have; others wait."""
        ...

    def snapshot_copy(self) -> AbstractContextManager["Dialect"]:
        """A consistent copy of the database that blocks no reader or writer, however long it is read."""
        ...

    def restore_target(self) -> AbstractContextManager["Dialect"]:
        """An empty database to fill; it replaces this one when the block ends without an error.

        Raises:
            RestoreRejected: another process uses the database.
        """
        ...

    def clear(self, tables: Sequence[str]) -> None:
        """Delete all rows of the tables, within the transaction."""
        ...

    def reset_sequence(self, table: str, column: str) -> None:
        """Make generated numbers of a column continue after its largest one."""
        ...
