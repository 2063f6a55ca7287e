"""Where SQLite and PostgreSQL differ; nothing else in this package asks which one it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

import peewee
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from leadtracker.adapters.database import sqlite_file
from leadtracker.adapters.database.errors import translated_errors
from leadtracker.adapters.database.full_text import FullText, PostgresFullText, SqliteFullText
from leadtracker.adapters.database.group_commit import GroupCommit
from leadtracker.adapters.database.soundness import PostgresSoundness, Soundness, SqliteSoundness
from leadtracker.adapters.database.transactions import GroupedTransaction, PooledTransaction, Transaction
from leadtracker.adapters.database.turns import ProcessTurns
from leadtracker.domain.errors import RestoreRefused, StorageUnavailable
from leadtracker.domain.model.instant import format_instant

_MIGRATION_LOCK, _LINKS_LOCK = 0x1EAD, 0x1EAE  # any constants: the keys of PostgreSQL's advisory locks
Select: TypeAlias = "peewee.ModelSelect[Any]"

_FIRST_SAFE_SQLITE = (3, 51, 3)  # before, a WAL reset could lose pages (see docs/decisions)
_SQLITE: Mapping[str, Any] = {
    "check_same_thread": False,  # no connection belongs to a thread
    "lock_type": "IMMEDIATE",
    "pragmas": {
        "busy_timeout": 5000,
        "journal_mode": "wal",
        "synchronous": "full",
        "foreign_keys": 1,
        "mmap_size": 0,
        "secure_delete": 1,
    },
    "field_types": {"TIMESTAMPTZ": "TEXT", "WORDS": "TEXT"},
}
_POOL_SIZE = 32
_SECONDS_TO_WAIT_FOR_A_CONNECTION = 10


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
    soundness: Soundness

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

    def encode_instant(self, instant: datetime) -> Any:
        """An instant as it is stored; stored instants sort by time."""
        ...

    def decode_instant(self, stored: Any) -> datetime:
        """The instant that was stored, in UTC."""
        ...

    def lock_row(self, query: Select) -> Select:
        """The query, so that nobody else can change the rows it reads until the transaction ends."""
        ...

    def hint(self, condition: peewee.Expression, probability: float) -> peewee.Node:
        """The condition, told to be true of that part of all rows where the database cannot know it."""
        ...

    def skip_locked(self, query: Select) -> Select:
        """As ``lock_row``, but without the rows that others have locked, instead of waiting for them."""
        ...

    def lock_links(self) -> None:
        """Keep others from changing which leads belong together until the transaction ends."""
        ...

    def keep_row(self, query: Select) -> Select:
        """The query, so that nobody else can remove the rows it reads until the transaction ends."""
        ...

    def scrub(self) -> None:
        """Take what was erased out of logs, too, as far as that can be done now."""
        ...

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Wait until nobody else migrates, and keep others waiting meanwhile."""
        ...

    def frozen(self) -> AbstractContextManager["Dialect"]:
        """Everything as it is now, to be read for as long as it takes; no reader or writer waits for it."""
        ...

    def replacement(self) -> AbstractContextManager["Dialect"]:
        """Where new content can be committed; it is the store's once the block is left without an error.

        Raises:
            RestoreRefused: somebody works with the store.
        """
        ...

    def clear(self, tables: Sequence[str]) -> None:
        """Remove the rows of tables, within the transaction."""
        ...

    def count_on(self, table: str, column: str) -> None:
        """Let numbers that the database gives begin behind those that are there."""
        ...


class SqliteDialect(Dialect):
    """One file on one host, reached through a pool of connections that no thread owns.

    A connection that only a thread knows is freed while the thread ends, and where another language made
    that thread (as a web server's may be) this aborts the whole process.
    """

    kind = "sqlite"
    full_text = SqliteFullText()
    soundness = SqliteSoundness()

    def __init__(self, path: Path) -> None:
        _check_sqlite_version()
        with translated_errors():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        self._was_set_up = False
        self.database = PooledSqliteDatabase(str(path), max_connections=None, **_SQLITE)
        self.writer = peewee.SqliteDatabase(str(path), thread_safe=False, **_SQLITE)
        turns = ProcessTurns(path.with_suffix(".write-turn"), path.with_suffix(".write-gate"))
        self.group_commit = GroupCommit(self.writer, turns)

    def open(self) -> None:
        if self.database.is_closed():
            # One process turns a new file to WAL; SQLite refuses all others instead of letting them wait.
            with nullcontext() if self._is_set_up() else self.migration_lock():
                self.database.connect()

    def writing(self) -> Transaction:
        return GroupedTransaction(self.group_commit)

    def reading(self) -> Transaction:
        return PooledTransaction(self.database, self.open, None)

    def snapshot(self) -> Transaction:
        return PooledTransaction(self.database, self.open, lambda: self.database.begin("DEFERRED"))

    def release(self) -> None:
        self.database.close()

    def close(self) -> None:
        self.group_commit.close()
        self.database.close_all()

    def encode_instant(self, instant: datetime) -> Any:
        return format_instant(instant)

    def decode_instant(self, stored: Any) -> datetime:
        return datetime.fromisoformat(stored)

    def lock_row(self, query: Select) -> Select:
        return query  # a writing transaction has the whole file to itself

    def hint(self, condition: peewee.Expression, probability: float) -> peewee.Node:
        return peewee.fn.LIKELIHOOD(condition, peewee.SQL(str(probability)))

    def skip_locked(self, query: Select) -> Select:
        return query  # as above

    def lock_links(self) -> None:
        pass  # as above

    def keep_row(self, query: Select) -> Select:
        return query  # as above

    def scrub(self) -> None:
        # Old pages stay in the write-ahead log until it is begun anew. Somebody who is reading keeps this
        # from happening now; then the next time will do, and what was committed is committed.
        with suppress(peewee.PeeweeException), self.database.connection_context():
            self.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        with sqlite_file.locked(self._path.with_suffix(".migration-lock")):
            yield

    @contextmanager
    def frozen(self) -> Iterator[Dialect]:
        # Reading the copy, however long, keeps no write-ahead log from being emptied. One is made at a time,
        # so what has its name before was left by a process that was killed.
        path = self._path.with_name(f"{self._path.name}.saving")
        with sqlite_file.locked(self._path.with_suffix(".saving-lock")):
            sqlite_file.discard(path)
            copy = SqliteDialect(path)
            try:
                with translated_errors():
                    self.open()
                    sqlite_file.copy(self.database, path)
                    self.release()
                    copy.open()
                yield copy
            finally:
                copy.close()
                sqlite_file.discard(path)

    @contextmanager
    def replacement(self) -> Iterator[Dialect]:
        self.close()
        sqlite_file.check_alone(self._path)
        path = self._path.with_name(f"{self._path.name}.restoring")  # nobody's database
        sqlite_file.discard(path)
        new = SqliteDialect(path)
        try:
            yield new
            new.close()
            sqlite_file.take_place(path, self._path)
        finally:
            new.close()
            sqlite_file.discard(path)

    def clear(self, tables: Sequence[str]) -> None:
        pass  # its replacement is a new file

    def count_on(self, table: str, column: str) -> None:
        pass  # it looks for itself

    def _is_set_up(self) -> bool:
        if not self._was_set_up:
            self._was_set_up = self._path.exists() and self._path.stat().st_size > 0
        return self._was_set_up


class PostgresDialect(Dialect):
    """A server, reached through a pool of connections that is shared by the threads of a process."""

    kind = "postgresql"
    full_text = PostgresFullText()
    soundness = PostgresSoundness()

    def __init__(self, url: str) -> None:
        self.database = PooledPostgresqlDatabase(
            url,
            prefer_psycopg3=True,
            max_connections=_POOL_SIZE,
            timeout=_SECONDS_TO_WAIT_FOR_A_CONNECTION,
            connect_timeout=5,
            application_name="leadtracker",
            options="-c statement_timeout=30s -c lock_timeout=5s -c timezone=UTC",
            field_types={"WORDS": "TSVECTOR"},
        )
        self.writer = self.database

    def open(self) -> None:
        try:
            self.database.connect(reuse_if_open=True)
        except peewee.ProgrammingError:
            # What libpq says of a wrong URL may hold the password.
            message = "the database's URL has something that PostgreSQL does not understand"
            raise StorageUnavailable(message) from None

    def writing(self) -> Transaction:
        return PooledTransaction(self.database, self.open, self.database.begin)

    def reading(self) -> Transaction:
        return PooledTransaction(self.database, self.open, None)

    def snapshot(self) -> Transaction:
        return PooledTransaction(self.database, self.open, self._begin_snapshot)

    def release(self) -> None:
        self.database.close()

    def close(self) -> None:
        self.database.close_all()

    def encode_instant(self, instant: datetime) -> Any:
        return instant

    def decode_instant(self, stored: Any) -> datetime:
        instant: datetime = stored.astimezone(UTC)
        return instant

    def lock_row(self, query: Select) -> Select:
        return query.for_update()

    def hint(self, condition: peewee.Expression, probability: float) -> peewee.Node:  # noqa: ARG002
        return condition  # the server keeps statistics

    def skip_locked(self, query: Select) -> Select:
        # The stubs leave out that it may be a text.
        return query.for_update("FOR UPDATE SKIP LOCKED")  # type: ignore[arg-type]

    def lock_links(self) -> None:
        self.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LINKS_LOCK,))

    def keep_row(self, query: Select) -> Select:
        # A foreign key asks for this lock, too, only too late. The stubs leave out that it may be a text.
        return query.for_update("FOR KEY SHARE")  # type: ignore[arg-type]

    def scrub(self) -> None:
        pass  # the server's vacuum and its archive of logs are the operator's

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        self.database.execute_sql("SET lock_timeout = 0; SET statement_timeout = 0")
        self.database.execute_sql("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
        try:
            yield
        finally:
            self.database.execute_sql("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))
            # The connection goes back to the pool, whose other users rely on the limits.
            self.database.execute_sql("RESET lock_timeout; RESET statement_timeout")

    @contextmanager
    def frozen(self) -> Iterator[Dialect]:
        with translated_errors():
            self.open()
            self._begin_snapshot()
        try:
            yield self
        finally:
            self.database.rollback()
            self.release()

    @contextmanager
    def replacement(self) -> Iterator[Dialect]:
        self.close()
        with translated_errors():
            self.open()
            [[others]] = self.database.execute_sql(_OTHERS).fetchall()
            self.release()
        if others:
            raise RestoreRefused("the database is in use; stop the web servers and schedulers")
        yield self  # the transaction in which it is filled is what replaces

    def clear(self, tables: Sequence[str]) -> None:
        self.database.execute_sql(f"TRUNCATE {', '.join(tables)}")

    def count_on(self, table: str, column: str) -> None:
        last = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"  # noqa: S608 - our own names
        sequence = "pg_get_serial_sequence(%s, %s)"
        self.database.execute_sql(f"SELECT setval({sequence}, {last}, false)", (table, column))

    def _begin_snapshot(self) -> None:
        self.database.execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'leadtracker' AND pid <> pg_backend_pid()
"""


def _check_sqlite_version() -> None:
    version = peewee.SqliteDatabase.server_version
    if version < _FIRST_SAFE_SQLITE:
        shown, wanted = (".".join(map(str, numbers)) for numbers in (version, _FIRST_SAFE_SQLITE))
        message = f"SQLite {shown} can corrupt a database that several processes write; {wanted} is needed"
        raise StorageUnavailable(message)


def dialect_for(url: str) -> Dialect:
    """The dialect of a database URL: ``sqlite:///path`` or ``postgresql://user:password@host:5432/name``.

    Raises:
        ValueError: the URL names neither.
        StorageUnavailable: the SQLite library on this machine is not safe to use.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and len(parts.path) > 1:
        return SqliteDialect(Path(unquote(parts.path[1:])))
    if parts.scheme == "postgresql":
        return PostgresDialect(url)
    message = "must be sqlite:///<path> or postgresql://user:password@host:5432/name"
    raise ValueError(message)
