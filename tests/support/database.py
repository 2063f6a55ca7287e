"""Direct access to SQLite and PostgreSQL databases, without adapters."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from leadtracker.adapters import database

# Two copies of SQLite in one process do not see each other's locks: this is the one that the adapters use.
from leadtracker.adapters.database.engine.dialects import sqlite_driver

_FOLDER = Path(database.__file__).parent / "migrations"
MIGRATIONS = [path.stem for path in sorted(_FOLDER.glob("[0-9]*.py"))]
KINDS = ("sqlite", "postgresql")
on_every_database = pytest.mark.parametrize("database_url", KINDS, indirect=True)
OperationalError = sqlite_driver.OperationalError
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def connect(url: str) -> Iterator[Any]:
    """Open a separate connection that commits each statement."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite_driver.connect(path, isolation_level=None)) as sqlite:
            sqlite.execute("PRAGMA foreign_keys = 1")
            yield sqlite
    else:
        # In another zone than UTC the end of time would lie beyond the range of Python dates.
        with psycopg.connect(url, autocommit=True, options="-c timezone=UTC") as postgres:
            yield postgres


def execute(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Execute one statement, commit, and return its rows."""
    with connect(url) as connection:
        cursor = connection.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
