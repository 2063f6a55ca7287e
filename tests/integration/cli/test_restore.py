"""``restore`` brings back no erased person, no revoked key and no disabled user."""

import csv
import io
from pathlib import Path

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_every_database
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database

NOT_RUNNING = {"scheduler", "outbox", "reports"}
"""The checks that fail because no scheduler works."""

TRACES = ("zyxmark", "Zyxmark")
ANN = make_fields(
    "zyxmark@example.com",
    first_name="Zyxmark",
    last_name="Zyxmark",
    message="I am Zyxmark",
    source="zyxmark",
    resume="Zyxmark can sew.",
)


@pytest.fixture
def container(database_url: str, tmp_path: Path) -> Container:
    """The program on the database, with files in a folder; closed wherever the command line works."""
    url = (tmp_path / "resumes").as_uri()
    return Container(settings=Settings(database_url=SecretStr(database_url), resumes_url=url))


@pytest.fixture
def program(leadtracker: CommandLine, tmp_path: Path) -> CommandLine:
    return leadtracker.with_settings(RESUMES_URL=(tmp_path / "resumes").as_uri())


def back_up(program: CommandLine, file: Path) -> Path:
    saved = program.run("backup", file)
    assert (saved.status, saved.err) == (0, "")
    return file


def restore(program: CommandLine, file: Path) -> list[str]:
    restored = program.run("restore", "--force", file)
    assert (restored.status, restored.err) == (0, "")
    return restored.out.splitlines()


def traces(folder: Path, raw_db: RawDatabase) -> list[str]:
    """Return where a trace of the person is: in files other than backups, or in tables."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".backup"]
    places = {path.name: path.name.encode() + path.read_bytes() for path in files}
    places["tables"] = raw_db.dump().encode()
    return [place for place, content in places.items() if any(word.encode() in content for word in TRACES)]


def failed_checks(program: CommandLine) -> set[str]:
    lines = program.run("doctor").out.splitlines()
    return {name for state, name, *_ in map(str.split, lines) if state != "ok"}


def test_no_byte_of_an_erased_person_is_left_after_a_restore(
    program: CommandLine, container: Container, raw_db: RawDatabase, tmp_path: Path
) -> None:
    capture = container.capture_lead()
    lead = capture(PUBLIC, ANN, "key of Zyxmark").lead
    capture(PUBLIC, ANN)
    capture(PUBLIC, make_fields("bob@example.com"))
    container.add_note()(OPERATOR, lead.id, {"note": "Zyxmark called"})
    container.dialect().close()
    backup_file = back_up(program, tmp_path / "one.backup")
    container.erase_lead()(OPERATOR, lead.id, with_duplicates=True)
    container.dialect().close()
    assert traces(tmp_path, raw_db) == []
    assert "Erased again: 2 leads." in restore(program, backup_file)
    assert traces(tmp_path, raw_db) == []
    assert raw_db.count("leads") == 1
    assert failed_checks(program) <= NOT_RUNNING


def test_older_backup_keeps_withdrawals(
    program: CommandLine, container: Container, raw_db: RawDatabase, tmp_path: Path
) -> None:
    older = back_up(program, tmp_path / "older.backup")
    lead = container.capture_lead()(PUBLIC, ANN).lead
    container.dialect().close()
    program.run("api-key", "add", "partner", "--role", "viewer")
    newer = back_up(program, tmp_path / "newer.backup")
    container.erase_lead()(OPERATOR, lead.id)
    container.dialect().close()
    program.run("api-key", "revoke", "partner")
    for file in (older, newer):
        shown = restore(program, file)
        assert ("Erased again: 1 lead." in shown) is (file is newer)
        assert ("Revoked again: partner." in shown) is (file is newer)
        assert traces(tmp_path, raw_db) == []
        assert "revoked" in program.run("api-key", "list").out
        assert failed_checks(program) <= NOT_RUNNING


def test_older_backup_keeps_disabled_users(
    leadtracker: CommandLine, raw_db: RawDatabase, tmp_path: Path
) -> None:
    def add(name: str) -> None:
        new = ("user", "add", name, "--role", "agent", "--email", "office@example.com", "--password-stdin")
        assert leadtracker.run(*new, stdin="a long password\n").status == 0

    def users() -> list[tuple[str, bool, bool]]:
        rows = raw_db.execute("SELECT name, disabled_at, password_hash FROM users ORDER BY name")
        return [(name, disabled_at is None, bool(password_hash)) for name, disabled_at, password_hash in rows]

    add("mia")
    older = back_up(leadtracker, tmp_path / "older.backup")
    add("bob")
    newer = back_up(leadtracker, tmp_path / "newer.backup")
    leadtracker.run("user", "disable", "bob")
    raw_db.execute("UPDATE users SET second_factor_at = created_at WHERE name = 'bob'")
    for file, has_password in ((older, False), (older, False), (newer, True)):
        shown = restore(leadtracker, file)
        assert ("Disabled again: bob." in shown) is (file is newer)
        assert users() == [("bob", False, has_password), ("mia", True, True)]
        assert failed_checks(leadtracker) <= NOT_RUNNING
        assert raw_db.execute("SELECT name FROM users WHERE second_factor_at IS NOT NULL") == []
        addresses = raw_db.execute("SELECT name FROM users WHERE email IS NOT NULL ORDER BY name")
        assert addresses == ([("bob",), ("mia",)] if file is newer else [("mia",)])


def test_later_withdrawals_survive_a_restore(
    leadtracker: CommandLine, container: Container, tmp_path: Path
) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    container.dialect().close()
    leadtracker.run("api-key", "add", "partner", "--role", "viewer")
    leadtracker.run("api-key", "add", "kept", "--role", "viewer")
    leadtracker.run("user", "add", "bob", "--role", "agent", "--password-stdin", stdin="a long password\n")
    backup_file = back_up(leadtracker, tmp_path / "one.backup")
    [lead] = csv.DictReader(io.StringIO(leadtracker.run("leads", "export").out))
    container.erase_lead()(OPERATOR, lead["id"])
    container.dialect().close()
    leadtracker.run("api-key", "revoke", "partner")
    leadtracker.run("user", "disable", "bob")
    restored = leadtracker.run("restore", "--force", backup_file)
    assert restored.status == 0, restored.err
    assert "API keys: kept (viewer), partner (viewer)." in restored.out
    for line in ("Erased again: 1 lead.", "Revoked again: partner.", "Disabled again: bob."):
        assert line in restored.out.splitlines()
    assert "ann@example.com" not in leadtracker.run("leads", "export").out
    keys = leadtracker.run("api-key", "list").out
    assert [line.split()[0] for line in keys.splitlines() if "revoked" in line] == ["partner"]
