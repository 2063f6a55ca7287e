"""Backup and restore of all data, within and across kinds of databases."""

import json
import zipfile
from pathlib import Path

import pytest

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.domain.errors import RestoreRejected
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from tests.integration.adapters.database.backup.conftest import close, content, restore
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.clock import NOW
from tests.support.database import on_sqlite
from tests.support.memory.in_memory_app import ADMIN, VIEWER, InMemoryApp
from tests.support.raw_database import RawDatabase


def test_backup_restores_across_databases(
    busy: InMemoryApp, empty_url: str, open_dialect: OpenDialect, backup_file: Path
) -> None:
    restored = restore(empty_url, open_dialect, backup_file)
    assert content(restored) == content(busy)


def test_restored_database_accepts_work(
    busy: InMemoryApp, empty_url: str, open_dialect: OpenDialect, backup_file: Path
) -> None:
    app = restore(empty_url, open_dialect, backup_file)
    app.ids = busy.ids
    [lead] = app.receive("new@example.com")
    app.add_note(ADMIN, lead.id, {"note": "called"})
    assert len(app.read_history(VIEWER, lead.id)) == 2
    for text in ("new", "ann"):
        requested = LeadFilter(search=Search.parse(text))
        assert len(app.find_leads(VIEWER, requested, limit=9, after=None).items) == (
            1 if text == "new" else 3
        )


def test_backup_is_private_and_lists_its_content(busy: InMemoryApp, backup_file: Path) -> None:
    assert backup_file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(backup_file) as zipped:
        manifest = json.loads(zipped.read("manifest.json"))
    assert manifest["format"] == 1
    assert manifest["tables"]["leads"]["rows"] == len(busy.leads())
    assert [path.name for path in backup_file.parent.glob(".*")] == []


def test_overwriting_needs_force(
    busy: InMemoryApp, database_url: str, open_dialect: OpenDialect, backup_file: Path, raw_db: RawDatabase
) -> None:
    saved = content(busy)
    busy.receive("later@example.com")
    close(busy)
    before = raw_db.dump()
    with pytest.raises(RestoreRejected, match="not empty"):
        restore(database_url, open_dialect, backup_file)
    assert raw_db.dump() == before
    assert content(restore(database_url, open_dialect, backup_file, force=True)) == saved


def test_database_in_use_is_not_overwritten(
    busy: InMemoryApp, database_url: str, open_dialect: OpenDialect, backup_file: Path, raw_db: RawDatabase
) -> None:
    busy.receive("later@example.com")  # which keeps its connection
    before = raw_db.dump()
    with pytest.raises(RestoreRejected, match="in use"):
        restore(database_url, open_dialect, backup_file, force=True)
    assert raw_db.dump() == before
    assert "later@example.com" in before


@on_sqlite
def test_damaged_sqlite_file_is_replaced(
    busy: InMemoryApp, sqlite_url: str, open_dialect: OpenDialect, backup_file: Path
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    close(busy)
    path.write_bytes(b"no database" * 1000)
    path.with_name(f"{path.name}-wal").write_bytes(b"rubbish")
    app = restore(sqlite_url, open_dialect, backup_file, force=True)
    assert len(app.leads()) == 3
    assert not list(path.parent.glob("*.restoring*"))


def test_unwritable_file_is_reported(database_url: str, open_dialect: OpenDialect, tmp_path: Path) -> None:
    backup_store = PeeweeBackupStore(open_dialect(database_url), None)
    with pytest.raises(OSError, match="No such file"):
        backup_store.save(str(tmp_path / "nowhere" / "backup.zip"), NOW)


def test_backup_file_is_private(sqlite_url: str, open_dialect: OpenDialect) -> None:
    with open_dialect(sqlite_url).snapshot_copy():
        folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
        modes = {path.stat().st_mode & 0o777 for path in folder.glob("*.saving*[!k]")}
    assert modes == {0o600}
