"""apsw does what the engine expects of ``sqlite3``, and the program runs on it where pysqlite3 is missing."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadtracker.adapters.database.engine.dialects import apsw_driver, sqlite_driver
from tests.support import instruments
from tests.support.servers.processes import Program

HIDDEN = Path(instruments.__file__).parent / "hidden_packages" / "without_pysqlite3"
LEADS = "first_name,last_name,email\nAnn,Lee,ann@example.com\nBob,Ray,bob@example.com\n"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw_driver.Connection]:
    with closing(apsw_driver.connect(tmp_path / "file.db", timeout=0)) as opened:
        opened.execute("CREATE TABLE item (name TEXT PRIMARY KEY)")
        opened.execute("CREATE TABLE log (name TEXT)")
        opened.execute(
            "CREATE TRIGGER logged AFTER INSERT ON item BEGIN INSERT INTO log VALUES (new.name); END"
        )
        yield opened


def test_written_rows_are_counted_without_those_of_triggers(connection: apsw_driver.Connection) -> None:
    insert = "INSERT INTO item VALUES (?) ON CONFLICT DO NOTHING"
    cursor: Any = connection.cursor()
    assert cursor.execute(insert, ("a",)).rowcount == 1
    assert cursor.execute(insert, ("a",)).rowcount == 0
    assert cursor.executemany(insert, [("a",), ("b",), ("c",)]).rowcount == 2


def test_result_without_rows_has_no_description(connection: apsw_driver.Connection) -> None:
    assert connection.execute("SELECT name FROM item").description is None
    connection.execute("INSERT INTO item VALUES ('a')")
    cursor = connection.execute("SELECT name FROM item")
    assert [column[0] for column in cursor.description] == ["name"]
    assert cursor.fetchall() == [("a",)]


def test_broken_constraint_is_an_integrity_error(connection: apsw_driver.Connection) -> None:
    connection.execute("INSERT INTO item VALUES ('a')")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        connection.execute("INSERT INTO item VALUES ('a')")


def test_locked_database_is_an_operational_error(connection: apsw_driver.Connection, tmp_path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    with closing(apsw_driver.connect(tmp_path / "file.db", timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        connection.rollback()
        other.execute("BEGIN IMMEDIATE")


def test_file_that_is_no_database_is_a_database_error(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is not a database " * 100)
    with closing(apsw_driver.connect(path)) as opened, pytest.raises(sqlite3.DatabaseError) as raised:
        opened.execute("SELECT * FROM sqlite_master").fetchall()
    assert raised.type is sqlite3.DatabaseError


def test_closed_connection_has_no_changes(connection: apsw_driver.Connection) -> None:
    assert connection.total_changes == 0
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        _ = connection.total_changes


def test_commit_and_rollback_need_no_transaction(connection: apsw_driver.Connection) -> None:
    connection.commit()
    connection.rollback()
    connection.execute("BEGIN")
    connection.execute("INSERT INTO item VALUES ('a')")
    connection.commit()
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM item").fetchone() == (1,)


def test_backup_copies_database_in_use(connection: apsw_driver.Connection, tmp_path: Path) -> None:
    connection.execute("INSERT INTO item VALUES ('a')")
    with closing(apsw_driver.connect(tmp_path / "copy.db")) as target:
        connection.backup(target)
        assert target.execute("SELECT name FROM item").fetchall() == [("a",)]


def test_times_are_stored_and_unknown_types_are_rejected(connection: apsw_driver.Connection) -> None:
    noon = datetime(2026, 11, 29, 12, tzinfo=UTC)
    connection.execute("INSERT INTO item VALUES (?)", (noon,))
    assert connection.execute("SELECT name FROM item").fetchone() == ("2026-11-29 12:00:00+00:00",)
    with pytest.raises(sqlite3.InterfaceError, match="a list cannot be stored"):
        connection.execute("INSERT INTO item VALUES (?)", ([],))


def test_program_runs_without_pysqlite3(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HIDDEN), *sys.path])}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "leadtracker", *arguments]
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        return ended.stdout

    assert run("leads", "import", "leads.csv").endswith("created=2 duplicates=0 rejected=0\n")
    assert "ann@example.com" in run("leads", "export")
    run("backup", "saved.backup")
    run("restore", "--force", "saved.backup")
    assert "bob@example.com" in run("leads", "export")


def test_processes_have_the_driver_of_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from leadtracker.adapters.database.engine.dialects import sqlite_driver as s; print(*s.version)"

    def version() -> tuple[int, ...]:
        command, environment = [sys.executable, "-c", code], Program(tmp_path).environment
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return tuple(map(int, ended.stdout.split()))

    assert version() == sqlite_driver.version
    monkeypatch.setenv("PYTHONPATH", str(HIDDEN))
    assert version() == apsw_driver.version
