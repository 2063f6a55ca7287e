"""The settings of both databases are in force on every connection."""

import stat
from pathlib import Path
from typing import Any

import peewee
import pytest

from leadtracker.adapters.database.engine.dialects import dialect_for, sqlite_driver
from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import StorageUnavailable
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.database import OperationalError, connect
from tests.support.instruments.concurrency import run_in_threads

PRAGMAS = {
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "journal_mode": "wal",
    "mmap_size": 0,
    "secure_delete": 1,
    "synchronous": 2,  # FULL
}
SETTINGS = {
    "application_name": "leadtracker",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "timezone": "UTC",
}
ORPHANS = {
    "an attempt without a report": """
        INSERT INTO report_attempts (week, number, started_at)
        VALUES ('1999-W01', 1, '1999-01-01T00:00:00Z')
    """,
    "a duplicate without a primary lead": """
        INSERT INTO leads (id, first_name, last_name, email, identity, state, version,
                           created_at, updated_at, follow_up_at, duplicate_of, enquiries)
        VALUES ('a', 'a', 'a', 'a', 'a', 'PENDING', 1,
                '1999-01-01T00:00:00Z', '1999-01-01T00:00:00Z', '1999-01-01T00:00:00Z', 'unknown', 0)
    """,
}


def ask(dialect: Dialect, command: str, names: dict[str, Any]) -> dict[str, Any]:
    """The values in force on the connection that the next unit of work gets."""
    dialect.open()
    values = {}
    try:
        for name in names:
            cursor = dialect.database.execute_sql(f"{command} {name}")
            values[name] = cursor.fetchone()[0]
        return values
    finally:
        dialect.release()


@pytest.fixture
def sqlite(sqlite_url: str, open_dialect: OpenDialect) -> Dialect:
    return open_dialect(sqlite_url)


@pytest.fixture
def postgres(postgres_url: str, open_dialect: OpenDialect) -> Dialect:
    return open_dialect(postgres_url)


def test_sqlite_pragmas_hold_in_every_thread(sqlite: Dialect) -> None:
    assert ask(sqlite, "PRAGMA", PRAGMAS) == PRAGMAS
    assert run_in_threads(3, lambda _: ask(sqlite, "PRAGMA", PRAGMAS)) == [PRAGMAS] * 3


def test_sqlite_version_supports_many_writers(sqlite: Dialect) -> None:
    sqlite.open()
    (version,) = sqlite.database.execute_sql("SELECT sqlite_version()").fetchone()
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


def test_older_sqlite_is_rejected_with_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite_driver, "version", (3, 51, 2))
    with pytest.raises(StorageUnavailable, match=r"SQLite 3\.51\.2 can corrupt .* Install the package apsw"):
        dialect_for(f"sqlite:///{tmp_path}/leadtracker.db")


def test_postgresql_settings_hold_in_every_thread(postgres: Dialect) -> None:
    assert ask(postgres, "SHOW", SETTINGS) == SETTINGS
    assert run_in_threads(3, lambda _: ask(postgres, "SHOW", SETTINGS)) == [SETTINGS] * 3


def test_migration_connection_regains_its_limits(postgres: Dialect) -> None:
    PeeweeSchema(postgres).migrate()
    assert ask(postgres, "SHOW", SETTINGS) == SETTINGS


def test_sqlite_write_lock_is_taken_on_first_query(sqlite: Dialect, sqlite_url: str) -> None:
    with connect(sqlite_url) as other:
        other.execute("PRAGMA busy_timeout = 0")
        with PeeweeUnitOfWorkFactory(sqlite)() as tx:
            tx.users.all()
            with pytest.raises(OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("orphan", ORPHANS.values(), ids=ORPHANS.keys())
def test_foreign_keys_are_enforced(dialect: Dialect, orphan: str) -> None:
    dialect.open()
    with pytest.raises(peewee.IntegrityError):
        dialect.database.execute_sql(orphan)


def test_new_database_folder_is_private(tmp_path: Path) -> None:
    dialect = dialect_for(f"sqlite:///{tmp_path}/data/leadtracker.db")
    dialect.open()
    dialect.close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "mysql://x/y", "leadtracker.db"])
def test_other_urls_are_rejected(url: str) -> None:
    with pytest.raises(ValueError, match="must be sqlite:///"):
        dialect_for(url)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not list a process's files")
def test_connection_outlives_its_thread(sqlite_url: str, sqlite: Dialect) -> None:
    unit_of_work = PeeweeUnitOfWorkFactory(sqlite)

    def read(_number: int) -> None:
        with unit_of_work.read_only() as tx:
            tx.users.all()

    run_in_threads(4, read)
    path = Path(sqlite_url.removeprefix("sqlite:///")).resolve()
    opened = [file for file in Path("/proc/self/fd").iterdir() if file.resolve() == path]
    assert opened
    sqlite.close()
    assert not [file for file in Path("/proc/self/fd").iterdir() if file.resolve() == path]
