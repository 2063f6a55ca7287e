"""``backup`` and ``restore``: everything in one file and back."""

from pathlib import Path

import pytest

from tests.support.builders import make_fields
from tests.support.command_line import CommandLine
from tests.support.http import Client
from tests.support.kinds import on_sqlite

pytestmark = on_sqlite


@pytest.fixture
def archive(leadtracker: CommandLine, tmp_path: Path) -> Path:
    """An archive with one lead."""
    (tmp_path / "people.csv").write_text("first_name,last_name,email\nAnn,Lee,ann@example.com\n")
    leadtracker.run("leads", "import", tmp_path / "people.csv")
    archive = tmp_path / "archive.zip"
    saved = leadtracker.run("backup", archive)
    assert (saved.status, saved.err) == (0, "")
    assert saved.out == f"Saved 1 leads and 0 resumes in {archive}.\n"
    return archive


def test_an_archive_fills_an_empty_database(leadtracker: CommandLine, archive: Path, tmp_path: Path) -> None:
    other = leadtracker.with_settings(DATABASE_URL=f"sqlite:///{tmp_path / 'other' / 'new.db'}")
    restored = other.run("restore", archive)
    assert (restored.status, restored.err) == (0, "")
    assert restored.out.startswith("Restored 1 leads and 0 resumes, saved at ")
    assert "ann@example.com" in other.run("leads", "export").out


def test_a_database_with_content_is_overwritten_only_by_force(
    leadtracker: CommandLine, archive: Path
) -> None:
    refused = leadtracker.run("restore", archive)
    assert (refused.status, refused.err) == (1, "Error: the database is not empty; --force overwrites it\n")
    assert leadtracker.run("restore", "--force", archive).status == 0


def test_while_others_work_nothing_is_restored(
    leadtracker: CommandLine, archive: Path, client: Client
) -> None:
    assert client.post("/leads", make_fields("bob@example.com")).status == 201
    refused = leadtracker.run("restore", "--force", archive)
    assert refused.status == 1
    assert refused.err.startswith("Error: the database is in use; stop the web server and the scheduler")
    assert "bob@example.com" in leadtracker.run("leads", "export").out


def test_a_damaged_archive_is_told(leadtracker: CommandLine, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-9])
    refused = leadtracker.run("restore", "--force", archive)
    assert refused.status == 1
    assert refused.err.startswith("Error: the archive is damaged, or no archive at all")


def test_a_folder_that_is_missing_is_told(leadtracker: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "archive.zip"
    assert (
        leadtracker.run("backup", path).err == f"Error: {path} cannot be written: No such file or directory\n"
    )
    assert leadtracker.run("restore", path).status == 2
