"""The dialect of PostgreSQL: a server that several hosts share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import peewee
from playhouse.pool import PooledPostgresqlDatabase

from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.dialects.integrity import PostgresIntegrityCheck
from leadtracker.adapters.database.engine.transactions import (
    PooledTransaction,
    Transaction,
    translated_errors,
)
from leadtracker.domain.errors import RestoreRejected, StorageUnavailable

_MIGRATION_LOCK = 0x1EAD  # an arbitrary number that no other advisory lock of this package uses
_POOL_SIZE = 20  # per process; by default PostgreSQL accepts 100 connections, which four processes share
_CONNECT_TIMEOUT_SECONDS = 10
_OPTIONS = "-c statement_timeout=30s -c lock_timeout=5s -c timezone=UTC"
_PREPARED_STATEMENTS = "prepared_statements"
_POOLER = (
    "the database is reached through a pooler such as PgBouncer: add ?prepared_statements=off to the URL "
    "of the database, or ?prepared_statements=on if the pooler keeps one connection per client (session mode)"
)
_TIME_ZONE = (
    "the pooler has dropped the settings of the connection: set them for the user of the database, "
    "ALTER ROLE … SET timezone = 'UTC' and SET statement_timeout = '30s'"
)


class PostgresDialect(Dialect):
    """A server, reached through one pool of connections per process.

    Args:
        url: as libpq understands it. Its parameters prevail over those of this program;
            ``prepared_statements=off`` is for poolers that give each transaction another connection. Without
            it, a connection through a pooler is rejected: its statements would fail later, at random.
    """

    kind = "postgresql"
    has_statistics = True
    integrity = PostgresIntegrityCheck()

    def __init__(self, url: str) -> None:
        address, parameters = _read_parameters(url)
        self._allows_pooler = _PREPARED_STATEMENTS in url.partition("?")[2]
        self._is_checked = False
        self.database = PooledPostgresqlDatabase(
            address,
            prefer_psycopg3=True,
            max_connections=_POOL_SIZE,
            timeout=_CONNECT_TIMEOUT_SECONDS,
            field_types={"SEARCH_DOCUMENT": "TSVECTOR"},
            **parameters,
        )
        self.writer = self.database

    def open(self) -> None:
        try:
            self.database.connect(reuse_if_open=True)
        except peewee.ProgrammingError:
            # The message of libpq about an invalid URL may contain the password.
            message = "the database's URL has something that PostgreSQL does not understand"
            raise StorageUnavailable(message) from None
        if not self._is_checked:
            self._check_connection()
            self._is_checked = True

    def _check_connection(self) -> None:
        """Check what a pooler may have changed.

        Raises:
            StorageUnavailable: with advice.
        """
        announced = self.database.connection().info.backend_pid
        [[actual, zone]] = self.database.execute_sql(_DESCRIBE_CONNECTION).fetchall()
        # PgBouncer announces another process id to each client than that of the server.
        message = _POOLER if actual != announced and not self._allows_pooler else None
        message = message or (_TIME_ZONE if zone != "UTC" else None)
        if message:
            self.database.close()
            raise StorageUnavailable(message)

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

    def to_db_timestamp(self, timestamp: datetime) -> Any:
        return timestamp

    def from_db_timestamp(self, stored: Any) -> datetime:
        timestamp: datetime = stored.astimezone(UTC)
        return timestamp

    @staticmethod
    def timestamp_as_text(column: peewee.Field) -> peewee.Node:
        return peewee.fn.TO_CHAR(column, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')  # connections are set to UTC

    @staticmethod
    def lock_row(query: Select) -> Select:
        return query.for_update()

    @staticmethod
    def likelihood(condition: peewee.Expression, probability: float) -> peewee.Node:  # noqa: ARG004
        return condition  # the server keeps its own statistics

    @staticmethod
    def skip_locked(query: Select) -> Select:
        # Peewee accepts a text here, though its stubs do not.
        return query.for_update("FOR UPDATE SKIP LOCKED")  # type: ignore[arg-type]

    def hold_lock(self, key: int) -> None:
        self.database.execute_sql(self.lock_sql(key))

    def lock_sql(self, key: int) -> str:
        return f"SELECT pg_advisory_xact_lock({key:d})"

    @staticmethod
    def lock_shared(query: Select) -> Select:
        # The foreign key takes this lock as well, but only after the row was read.
        return query.for_update("FOR KEY SHARE")  # type: ignore[arg-type]

    def truncate_wal(self) -> None:
        pass  # vacuuming and archived logs are the operator's task

    def retry_truncation(self) -> None:
        pass  # as above

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        self.database.execute_sql("SET lock_timeout = 0; SET statement_timeout = 0")
        self.database.execute_sql("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
        try:
            yield
        finally:
            self.database.execute_sql("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))
            # Other users of the pooled connection rely on the limits.
            self.database.execute_sql("RESET lock_timeout; RESET statement_timeout")

    @contextmanager
    def snapshot_copy(self) -> Iterator[Dialect]:
        with translated_errors():
            self.open()
            self._begin_snapshot()
        try:
            yield self
        finally:
            self.database.rollback()
            self.release()

    @contextmanager
    def restore_target(self) -> Iterator[Dialect]:
        self.close()
        with translated_errors():
            self.open()
            [[others]] = self.database.execute_sql(_COUNT_OTHERS).fetchall()
            self.release()
        if others:
            raise RestoreRejected("the database is in use; stop the web servers and schedulers")
        yield self  # the transaction of the restore replaces all content at once

    def clear(self, tables: Sequence[str]) -> None:
        self.database.execute_sql(f"TRUNCATE {', '.join(tables)}")

    def reset_sequence(self, table: str, column: str) -> None:
        last = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"  # noqa: S608 - our own names
        sequence = "pg_get_serial_sequence(%s, %s)"
        self.database.execute_sql(f"SELECT setval({sequence}, {last}, false)", (table, column))

    def _begin_snapshot(self) -> None:
        self.database.execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


_DESCRIBE_CONNECTION = "SELECT pg_backend_pid(), current_setting('TimeZone')"
_COUNT_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'leadtracker' AND pid <> pg_backend_pid()
"""


def _read_parameters(url: str) -> tuple[str, dict[str, Any]]:
    """Return the URL without what libpq does not know, and the parameters that it leaves to this program."""
    address, _, query = url.partition("?")
    address = f"postgresql:{address.partition(':')[2]}"  # Peewee takes postgres: for the name of a database
    given = dict(parse_qsl(query, keep_blank_values=True))
    parameters: dict[str, Any] = {"connect_timeout": 5, "application_name": "leadtracker"}
    parameters = {name: value for name, value in parameters.items() if name not in given}
    parameters["options"] = f"{_OPTIONS} {given.pop('options', '')}".rstrip()
    if given.pop(_PREPARED_STATEMENTS, "on") == "off":
        parameters["prepare_threshold"] = None
    return f"{address}?{urlencode(given, quote_via=quote)}" if given else address, parameters
