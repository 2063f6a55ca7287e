"""What SQLite and PostgreSQL each do in their own way; nothing else in this package asks which one it is."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import peewee

from leadtracker.adapters.database.engine.dialects.full_text import FullText
from leadtracker.adapters.database.engine.dialects.integrity import IntegrityCheck
from leadtracker.adapters.database.engine.transactions import Transaction

Select: TypeAlias = "peewee.ModelSelect[Any]"


class Dialect(Protocol):
    """What a store must be able to do in its own way.

    Attributes:
        database: the connections that read, of which each thread gets one for a while.
        writer: the connections that write.
    """

    kind: str
    database: peewee.Database
    writer: peewee.Database
    full_text: FullText
    integrity: IntegrityCheck

    def open(self) -> None:
        """Give the calling thread a connection that works."""
        ...

    def writing(self) -> Transaction:
        """A transaction that may write."""
        ...

    def reading(self) -> Transaction:
        """None in fact: each statement sees what is committed then."""
        ...

    def snapshot(self) -> Transaction:
        """A transaction that reads everything as it is now."""
        ...

    def release(self) -> None:
        """Take the connection back where connections are shared."""
        ...

    def close(self) -> None:
        """Close what is open, before the process forks or ends."""
        ...

    def to_db_timestamp(self, timestamp: datetime) -> Any:
        """A timestamp as it is stored; stored timestamps sort by time."""
        ...

    def from_db_timestamp(self, stored: Any) -> datetime:
        """The timestamp that was stored, in UTC."""
        ...

    def timestamp_as_text(self, column: peewee.Field) -> peewee.Node:
        """A column of timestamps as the text that ``format_timestamp`` makes of them."""
        ...

    def lock_row(self, query: Select) -> Select:
        """The query, so that nobody else can change the rows it reads until the transaction ends."""
        ...

    def likelihood(self, condition: peewee.Expression, probability: float) -> peewee.Node:
        """The condition, told to be true of that part of all rows where the database cannot know it."""
        ...

    def skip_locked(self, query: Select) -> Select:
        """As ``lock_row``, but without the rows that others have locked, instead of waiting for them."""
        ...

    def lock_links(self) -> None:
        """Keep others from changing which leads belong together until the transaction ends."""
        ...

    def lock_shared(self, query: Select) -> Select:
        """The query, so that nobody else can remove the rows it reads until the transaction ends."""
        ...

    def truncate_wal(self) -> None:
        """Take what was erased out of logs, too, as far as that can be done now."""
        ...

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Wait until nobody else migrates, and keep others waiting meanwhile."""
        ...

    def snapshot_copy(self) -> AbstractContextManager["Dialect"]:
        """Everything as it is now, to be read for as long as it takes; no reader or writer waits for it."""
        ...

    def restore_target(self) -> AbstractContextManager["Dialect"]:
        """Where new content can be committed; it is the store's once the block is left without an error.

        Raises:
            RestoreRejected: somebody works with the store.
        """
        ...

    def clear(self, tables: Sequence[str]) -> None:
        """Remove the rows of tables, within the transaction."""
        ...

    def reset_sequence(self, table: str, column: str) -> None:
        """Let numbers that the database gives begin behind those that are there."""
        ...
