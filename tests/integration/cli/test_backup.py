"""``backup`` and ``restore``: everything in one file and back."""

import json
import stat
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client

pytestmark = on_sqlite


@pytest.fixture
def backup_file(leadtracker: CommandLine, tmp_path: Path) -> Path:
    """A backup with one lead."""
    (tmp_path / "people.csv").write_text("first_name,last_name,email\nAnn,Lee,ann@example.com\n")
    leadtracker.run("leads", "import", tmp_path / "people.csv")
    backup_file = tmp_path / "backup.zip"
    saved = leadtracker.run("backup", backup_file)
    assert (saved.status, saved.err) == (0, "")
    assert saved.out == f"Saved 1 lead and 0 files in {backup_file}.\n"
    return backup_file


def test_backup_fills_empty_database(leadtracker: CommandLine, backup_file: Path, tmp_path: Path) -> None:
    other = leadtracker.with_settings(DATABASE_URL=f"sqlite:///{tmp_path / 'other' / 'new.db'}")
    restored = other.run("restore", backup_file)
    assert (restored.status, restored.err) == (0, "")
    users, result = restored.out.splitlines()
    assert users.startswith("Users in the backup: ")
    assert result.startswith("Restored 1 lead and 0 files, saved at ")
    assert "ann@example.com" in other.run("leads", "export").out


def test_overwriting_needs_force(leadtracker: CommandLine, backup_file: Path) -> None:
    rejected = leadtracker.run("restore", backup_file)
    assert (rejected.status, rejected.err) == (1, "Error: the database is not empty; --force overwrites it\n")
    assert leadtracker.run("restore", "--force", backup_file).status == 0


def test_damaged_database_is_replaced_with_a_warning(
    leadtracker: CommandLine, backup_file: Path, database_url: str
) -> None:
    Path(database_url.removeprefix("sqlite:///")).write_bytes(b"no database" * 1_000)
    assert leadtracker.run("restore", backup_file).status == 1
    restored = leadtracker.run("restore", "--force", backup_file)
    assert restored.status == 0
    assert "Warning: the present database cannot be read" in restored.err
    assert "ann@example.com" in leadtracker.run("leads", "export").out


def test_restore_needs_exclusive_access(leadtracker: CommandLine, backup_file: Path, client: Client) -> None:
    assert client.post("/leads", make_fields("bob@example.com")).status == 201
    rejected = leadtracker.run("restore", "--force", backup_file)
    assert rejected.status == 1
    assert rejected.err.startswith("Error: the database is in use; stop the web server and the scheduler")
    assert "bob@example.com" in leadtracker.run("leads", "export").out


def test_a_damaged_backup_is_rejected(leadtracker: CommandLine, backup_file: Path) -> None:
    backup_file.write_bytes(backup_file.read_bytes()[:-9])
    rejected = leadtracker.run("restore", "--force", backup_file)
    assert rejected.status == 1
    assert rejected.err.startswith("Error: the backup is damaged, or no backup at all")


def test_missing_folder_is_reported(leadtracker: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "backup.zip"
    assert (
        leadtracker.run("backup", path).err == f"Error: {path} cannot be written: No such file or directory\n"
    )
    assert leadtracker.run("restore", path).status == 2


@pytest.fixture
def with_folder(leadtracker: CommandLine, database_url: str, tmp_path: Path) -> CommandLine:
    """A program with the resumes of two leads in a folder."""
    url = (tmp_path / "resumes").as_uri()
    container = Container(settings=Settings(database_url=SecretStr(database_url), resumes_url=url))
    for name in ("ann", "bob"):
        container.capture_lead()(PUBLIC, make_fields(f"{name}@example.com", resume=f"I am {name}."))
    container.dialect().close()
    return leadtracker.with_settings(RESUMES_URL=url)


def test_resume_files_are_backed_up_and_restored(with_folder: CommandLine, tmp_path: Path) -> None:
    backup_file, folder = tmp_path / "backup.zip", tmp_path / "resumes"
    assert with_folder.run("backup", backup_file).out.startswith("Saved 2 leads and 2 files in ")
    folder.rename(tmp_path / "lost")
    restored = with_folder.run("restore", "--force", backup_file)
    assert (restored.status, restored.err) == (0, "")
    assert {path.name for path in folder.iterdir()} == {path.name for path in (tmp_path / "lost").iterdir()}


@pytest.mark.parametrize("options", [[], ["--force"], ["--keep", "2"]])
def test_name_that_is_too_long_is_an_error_in_one_line(leadtracker: CommandLine, options: list[str]) -> None:
    ended = leadtracker.run("backup", *options, "x" * 400)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert "File name too long" in ended.err


def test_existing_file_is_overwritten_by_force_only(leadtracker: CommandLine, backup_file: Path) -> None:
    before = backup_file.read_bytes()
    kept = leadtracker.run("backup", backup_file)
    assert (kept.status, kept.out) == (1, "")
    assert kept.err.startswith(f"Error: {backup_file} exists already; ")
    assert backup_file.read_bytes() == before
    assert leadtracker.run("backup", "--force", backup_file).status == 0


def test_lost_resumes_are_counted(with_folder: CommandLine, tmp_path: Path) -> None:
    next((tmp_path / "resumes").iterdir()).unlink()
    backup_file = tmp_path / "backup.zip"
    for arguments in (["backup"], ["restore", "--force"]):
        done = with_folder.run(*arguments, backup_file)
        assert done.status == 0
        assert done.err.startswith("Warning: the backup lacks 1 of 2 files: they were missing")


def test_resume_objects_need_a_storage(
    with_folder: CommandLine, leadtracker: CommandLine, tmp_path: Path
) -> None:
    backup_file = tmp_path / "backup.zip"
    assert leadtracker.run("backup", backup_file).status == 1
    assert not backup_file.exists()
    with_folder.run("backup", backup_file)
    rejected = leadtracker.run("restore", "--force", backup_file)
    assert rejected.status == 1
    assert rejected.err.endswith("none is set up; let LEADTRACKER_RESUMES_URL name one\n")


def test_keep_leaves_the_newest_dated_backups(leadtracker: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    kept = leadtracker.run("backup", "--keep", "3", folder)
    assert (kept.status, stat.S_IMODE(folder.stat().st_mode)) == (0, 0o700)
    for name in ("2026-01-03T021500Z", "2025-12-31T021500Z", "2026-01-02T021500Z"):
        (folder / f"leadtracker-{name}.backup").write_text("older")
    (folder / "leadtracker-by-hand.backup").write_text("not dated")
    (folder / "notes.txt").write_text("not a backup")
    before = {path.name for path in folder.iterdir()}
    time.sleep(1.1)  # the names have seconds
    assert leadtracker.run("backup", "--keep", "3", folder).status == 0
    after = {path.name for path in folder.iterdir()}
    assert before - after == {
        "leadtracker-2025-12-31T021500Z.backup",
        "leadtracker-2026-01-02T021500Z.backup",
    }
    assert len(after - before) == 1
    [new] = after - before
    assert leadtracker.run("restore", "--force", folder / new).status == 0


def test_failed_backup_deletes_no_older_one(leadtracker: CommandLine, tmp_path: Path) -> None:
    old = tmp_path / "leadtracker-2026-01-03T021500Z.backup"
    old.write_text("older")
    broken = leadtracker.with_settings(DATABASE_URL=f"sqlite:///{tmp_path}")
    assert broken.run("backup", "--keep", "1", tmp_path).status == 1
    assert old.exists()


def test_folder_without_keep_is_rejected_with_advice(leadtracker: CommandLine, tmp_path: Path) -> None:
    rejected = leadtracker.run("backup", "--force", tmp_path)
    assert (rejected.status, "--keep" in rejected.err) == (1, True)
    assert leadtracker.run("backup", "--keep", "0", tmp_path).status == 2


def test_only_signed_backups_are_restored_where_a_key_is_configured(
    leadtracker: CommandLine, backup_file: Path
) -> None:
    signing = leadtracker.with_settings(SECRET_KEY="a key of the installation")
    rejected = signing.run("restore", "--force", backup_file)
    assert rejected.status == 1
    assert rejected.err.startswith("Error: the backup is not signed with the configured secret key")
    assert signing.run("restore", "--force", "--unsigned", backup_file).status == 0
    assert signing.run("backup", "--force", backup_file).status == 0
    assert signing.run("restore", "--force", backup_file).status == 0
    other = leadtracker.with_settings(SECRET_KEY="a key of another installation")
    assert other.run("restore", "--force", backup_file).status == 1


@pytest.mark.parametrize("change", ["an added admin", "another signature"])
def test_changed_backups_are_recognised(leadtracker: CommandLine, backup_file: Path, change: str) -> None:
    signing = leadtracker.with_settings(SECRET_KEY="a key of the installation")
    assert signing.run("backup", "--force", backup_file).status == 0
    with zipfile.ZipFile(backup_file) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    if change == "another signature":
        members["manifest.hmac-sha256"] = b"0" * 64
    else:
        members["tables/users.ndjson"] += (
            b'["intruder","admin",null,1,"","2026-01-01T00:00:00.000000Z",null]\n'
        )
        manifest = json.loads(members["manifest.json"])
        content = members["tables/users.ndjson"]
        manifest["tables"]["users"] = {"rows": content.count(b"\n"), "sha256": sha256(content).hexdigest()}
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(backup_file, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    assert signing.run("restore", "--force", backup_file).status == 1


def test_backup_that_would_fill_the_disk_is_rejected(leadtracker: CommandLine, backup_file: Path) -> None:
    with zipfile.ZipFile(backup_file, "a", zipfile.ZIP_DEFLATED) as zipped, zipped.open("big", "w") as member:
        for _ in range(100):
            member.write(bytes(1_000_000))
    rejected = leadtracker.run("restore", "--force", backup_file)
    assert (rejected.status, rejected.err) == (
        1,
        "Error: the backup is damaged: it would become many times as large as any backup\n",
    )
