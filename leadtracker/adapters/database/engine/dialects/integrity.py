"""Integrity checks that the database engines provide."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol, TypeAlias

import peewee

StatementTimeoutContext: TypeAlias = "AbstractContextManager[object]"


class IntegrityCheck(Protocol):
    """The checks that each dialect implements."""

    def errors(self, database: peewee.Database) -> list[str]:
        """Return the first few errors that the engine finds, in its own words."""
        ...

    def without_statement_timeout(self, database: peewee.Database) -> StatementTimeoutContext:
        """Lift the time limit for statements of the current connection within the block."""
        ...


class SqliteIntegrityCheck(IntegrityCheck):
    """Reads every page. The write-ahead log cannot be checkpointed while that runs."""

    def errors(self, database: peewee.Database) -> list[str]:
        messages = [row[0] for row in database.execute_sql("PRAGMA integrity_check(5)").fetchall()]
        orphans = database.execute_sql('SELECT DISTINCT "table" FROM pragma_foreign_key_check LIMIT 5')
        dangling = [f"{row[0]} has rows that refer to nothing" for row in orphans.fetchall()]
        return [one for one in messages if one != "ok"] + dangling

    def without_statement_timeout(self, database: peewee.Database) -> StatementTimeoutContext:  # noqa: ARG002 - SQLite has no time limit
        return nullcontext()


class PostgresIntegrityCheck(IntegrityCheck):
    """Reports constraints and indexes that the server does not enforce, and counted checksum failures."""

    def errors(self, database: peewee.Database) -> list[str]:
        return [row[0] for row in database.execute_sql(_POSTGRES_ERRORS).fetchall()]

    @contextmanager
    def without_statement_timeout(self, database: peewee.Database) -> Iterator[None]:
        database.execute_sql("SET statement_timeout = 0")
        try:
            yield
        finally:
            # Other users of the pooled connection rely on the limit.
            database.execute_sql("RESET statement_timeout")


_POSTGRES_ERRORS = """
    SELECT 'the constraint ' || conname || ' was never validated' FROM pg_constraint
    WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 'the index ' || relname || ' is not valid' FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT checksum_failures || ' pages had a wrong checksum' FROM pg_stat_database
    WHERE datname = current_database() AND checksum_failures > 0
    LIMIT 5
"""
