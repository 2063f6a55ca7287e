"""The dialect of SQLite: one file on one host."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import peewee

from leadtracker.adapters.database.engine.dialects import sqlite_driver, sqlite_file
from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.dialects.integrity import SqliteIntegrityCheck
from leadtracker.adapters.database.engine.group_commit import GroupCommit, GroupedTransaction
from leadtracker.adapters.database.engine.transactions import (
    PooledTransaction,
    Transaction,
    translated_errors,
)
from leadtracker.adapters.database.engine.write_lock import InterProcessLock
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.values.timestamps import format_timestamp

_BUSY_TIMEOUT_MILLISECONDS = 5000
_RETRY_SECONDS = 20
_SQLITE: Mapping[str, Any] = {
    "check_same_thread": False,  # threads pass connections on
    "lock_type": "IMMEDIATE",
    "pragmas": {
        "busy_timeout": _BUSY_TIMEOUT_MILLISECONDS,
        "journal_mode": "wal",
        "synchronous": "full",
        "foreign_keys": 1,
        "mmap_size": 0,
        "secure_delete": 1,
    },
    "field_types": {"TIMESTAMPTZ": "TEXT", "SEARCH_DOCUMENT": "TEXT"},
}


class SqliteDialect(Dialect):
    """One file on one host, reached through a pool of connections that no thread owns.

    A thread-local connection would be freed while its thread ends. If native code created the thread, as a
    web server may do, that aborts the process.

    Args:
        path: the file; its folder is created if it is missing.

    Raises:
        StorageUnavailable: the SQLite library on this machine is too old, or the folder cannot be created.
    """

    kind = "sqlite"
    has_statistics = False
    integrity = SqliteIntegrityCheck()

    def __init__(self, path: Path) -> None:
        if reason := sqlite_driver.reason_against_use():
            raise StorageUnavailable(reason)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageUnavailable("the folder of the database cannot be used") from error
        self._path = path
        self._was_set_up = False
        self._pending_truncation = path.with_suffix(".truncation-pending")
        self._next_retry = 0.0
        self.database: Any = sqlite_driver.PooledDatabase(str(path), max_connections=None, **_SQLITE)
        self.writer: peewee.SqliteDatabase = sqlite_driver.Database(str(path), thread_safe=False, **_SQLITE)
        process_lock = InterProcessLock(path.with_suffix(".write-lock"), path.with_suffix(".write-gate"))
        self.group_commit = GroupCommit(self.writer, process_lock)

    def open(self) -> None:
        if self.database.is_closed():
            # One process at a time may switch a new file to WAL: SQLite rejects the others without waiting.
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

    def to_db_timestamp(self, timestamp: datetime) -> Any:
        return format_timestamp(timestamp)

    def from_db_timestamp(self, stored: Any) -> datetime:
        return datetime.fromisoformat(stored)

    @staticmethod
    def timestamp_as_text(column: peewee.Field) -> peewee.Node:
        return column  # stored in this format

    @staticmethod
    def lock_row(query: Select) -> Select:
        return query  # only one transaction at a time can write

    @staticmethod
    def likelihood(condition: peewee.Expression, probability: float) -> peewee.Node:
        return peewee.fn.LIKELIHOOD(condition, peewee.SQL(str(probability)))

    @staticmethod
    def skip_locked(query: Select) -> Select:
        return query  # as above

    def hold_lock(self, key: int) -> None:
        pass  # as above

    def lock_sql(self, key: int) -> None:
        pass  # as above

    @staticmethod
    def lock_shared(query: Select) -> Select:
        return query  # as above

    def truncate_wal(self) -> None:
        # Old pages stay in the write-ahead log until it is truncated. A reader can prevent that, also one in
        # another process; the erasure is committed all the same, and the next commits try again.
        if not self._try_to_truncate():
            with translated_errors():
                self._pending_truncation.touch()

    def retry_truncation(self) -> None:
        now = time.monotonic()
        if now < self._next_retry or not self._pending_truncation.exists():
            return
        self._next_retry = now + _RETRY_SECONDS
        if self._try_to_truncate(wait=False):
            self._pending_truncation.unlink(missing_ok=True)

    def _try_to_truncate(self, *, wait: bool = True) -> bool:
        with suppress(peewee.PeeweeException), self.database.connection_context():
            if not wait:
                self.database.execute_sql("PRAGMA busy_timeout = 0")
            try:
                [is_busy, *_] = self.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not is_busy
            finally:
                self.database.execute_sql(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MILLISECONDS}")
        return False

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        with sqlite_file.locked(self._path.with_suffix(".migration-lock")):
            yield

    @contextmanager
    def snapshot_copy(self) -> Iterator[Dialect]:
        # Reading a copy does not keep the write-ahead log from being checkpointed. Only one copy is made at
        # a time, so an existing file was left behind by a process that was killed.
        path = self._path.with_name(f"{self._path.name}.saving")
        with sqlite_file.locked(self._path.with_suffix(".saving-lock")):
            sqlite_file.delete_database(path)
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
                sqlite_file.delete_database(path)

    @contextmanager
    def restore_target(self) -> Iterator[Dialect]:
        self.close()
        sqlite_file.check_not_in_use(self._path)
        path = self._path.with_name(
            f"{self._path.name}.restoring"
        )  # left behind by a process that was killed
        sqlite_file.delete_database(path)
        new = SqliteDialect(path)
        try:
            yield new
            new.close()
            sqlite_file.replace_file(path, self._path)
        finally:
            new.close()
            sqlite_file.delete_database(path)

    def clear(self, tables: Sequence[str]) -> None:
        pass  # a restore fills a new file

    def reset_sequence(self, table: str, column: str) -> None:
        pass  # SQLite continues after the largest number

    def _is_set_up(self) -> bool:
        if not self._was_set_up:
            self._was_set_up = self._path.exists() and self._path.stat().st_size > 0
        return self._was_set_up
