"""Backup and restore of all data, within and across kinds of databases."""

import itertools
import json
import threading
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from leadtracker.adapters.database.backup.backup_file import BackupReader, BackupWriter
from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import RestoreRejected
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from tests.contracts.consistency_checks import be_busy
from tests.integration.adapters.database.conftest import OpenDialect
from tests.integration.conftest import migrate
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.database import connect, on_sqlite
from tests.support.instruments.concurrency import run_in_threads
from tests.support.instruments.polling import eventually
from tests.support.memory.in_memory_app import ADMIN, VIEWER, InMemoryApp
from tests.support.raw_database import RawDatabase

BACKUPS_UNDER_LOAD = 5


@pytest.fixture
def backup_file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def busy(database_url: str, open_dialect: OpenDialect, backup_file: Path) -> InMemoryApp:
    """An installation with records of every kind and a backup of them; no other process uses it."""
    dialect = open_dialect(database_url)
    app = InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(dialect))
    be_busy(app)
    PeeweeBackupStore(dialect, None).save(str(backup_file), NOW)
    dialect.close()
    return app


def restore(url: str, open_dialect: OpenDialect, backup_file: Path, *, force: bool = False) -> InMemoryApp:
    """Restore into a database and open an installation on it."""
    dialect = open_dialect(url)
    try:
        PeeweeBackupStore(dialect, None).restore(str(backup_file), force=force)
    finally:
        dialect.close()
    return InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(dialect))


def content(app: InMemoryApp) -> dict[str, object]:
    """Return everything that is stored, in the same form for every database."""
    leads = app.leads()
    with app.unit_of_work.read_only() as tx:
        return {
            "leads": leads,
            "history": [tx.history.of(lead.id) for lead in leads],
            "resumes": [tx.files.get(lead.id) for lead in leads],
            "follow-ups": [tx.follow_ups.find_open(lead.id) for lead in leads],
            "deliveries": tx.deliveries.page(None, limit=99).deliveries,
            "reports": tx.ledger.all(),
            "heartbeat": tx.heartbeat.read(),
            "users": tx.users.all(),
        }


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
        assert len(app.find_leads(VIEWER, requested, limit=9, after=None).leads) == (
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


def close(app: InMemoryApp) -> None:
    """Let go of the database."""
    assert isinstance(app.unit_of_work, PeeweeUnitOfWorkFactory)
    app.unit_of_work._dialect.close()  # noqa: SLF001 - another process would have ended


def test_database_in_use_is_not_overwritten(
    busy: InMemoryApp, database_url: str, open_dialect: OpenDialect, backup_file: Path, raw_db: RawDatabase
) -> None:
    busy.receive("later@example.com")  # which keeps its connection
    before = raw_db.dump()
    with pytest.raises(RestoreRejected, match="in use"):
        restore(database_url, open_dialect, backup_file, force=True)
    assert raw_db.dump() == before
    assert "later@example.com" in before


def truncate(backup_file: Path) -> None:
    backup_file.write_bytes(backup_file.read_bytes()[:-100])


def flip_a_bit(backup_file: Path) -> None:
    raw = bytearray(backup_file.read_bytes())
    raw[200] ^= 1
    backup_file.write_bytes(raw)


def be_no_backup(backup_file: Path) -> None:
    backup_file.write_bytes(b"first_name,last_name")


def rewrite(change: Callable[[str, bytes], bytes | None]) -> Callable[[Path], None]:
    """Change or leave out members, in a file that is a whole ZIP all the same."""

    def act(backup_file: Path) -> None:
        with zipfile.ZipFile(backup_file) as zipped:
            members = {name: change(name, zipped.read(name)) for name in zipped.namelist()}
        with zipfile.ZipFile(backup_file, "w") as zipped:
            for name, changed in members.items():
                if changed is not None:
                    zipped.writestr(name, changed)

    return act


DAMAGE: dict[str, Callable[[Path], None]] = {
    "truncated": truncate,
    "a bit flipped": flip_a_bit,
    "something else": be_no_backup,
    "a row lost": rewrite(lambda name, raw: raw.partition(b"\n")[2] if "leads" in name else raw),
    "a value changed": rewrite(lambda _, raw: raw.replace(b"ann@example.com", b"bob@example.com")),
    "a table lost": rewrite(lambda name, raw: None if "tables/deliveries.nd" in name else raw),
    "no manifest": rewrite(lambda name, raw: None if "manifest" in name else raw),
    "a newer format": rewrite(lambda _, raw: raw.replace(b'"format": 1', b'"format": 2')),
    "another schema": rewrite(lambda _, raw: raw.replace(b"0001_release_1", b"0001_release_9")),
    "a table unheard of": rewrite(lambda _, raw: raw.replace(b'"scheduler_heartbeat"', b'"heartbeat"')),
}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_corrupted_backup_replaces_nothing(
    database_url: str,
    open_dialect: OpenDialect,
    backup_file: Path,
    raw_db: RawDatabase,
    damage: Callable[[Path], None],
) -> None:
    before = raw_db.dump()
    damage(backup_file)
    with pytest.raises(RestoreRejected):
        restore(database_url, open_dialect, backup_file, force=True)
    assert raw_db.dump() == before


@on_sqlite
@pytest.mark.usefixtures("busy")
def test_what_the_database_rejects_replaces_nothing(
    raw_db: RawDatabase,
    database_url: str,
    empty_url: str,
    open_dialect: OpenDialect,
    backup_file: Path,
) -> None:
    # The author of such a backup can also compute valid checksums.
    raw_db.execute("DROP INDEX leads_primary_identity")
    raw_db.execute("UPDATE leads SET duplicate_of = NULL, identity = 'ann@example.com'")
    PeeweeBackupStore(open_dialect(database_url), None).save(str(backup_file), NOW)
    target = InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(open_dialect(empty_url)))
    migrate(empty_url)
    target.receive("before@example.com")
    close(target)
    with pytest.raises(RestoreRejected, match="cannot be stored"):
        restore(empty_url, open_dialect, backup_file, force=True)
    assert [lead.identity for lead in target.leads()] == ["before@example.com"]


def test_endless_line_is_rejected_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    line = b"A" * (1 << 20)
    with BackupWriter.to(path) as writer:
        writer.write("leads", itertools.repeat(line, 150))  # no line breaks: one line of 150 MiB
        writer.write_objects([])
        writer.write_manifest("1", "sqlite", [], 0, NOW)
    with BackupReader.of(path) as reader, pytest.raises(RestoreRejected, match="a line that is too long"):
        reader.check()


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


def has_more(things: list[str], than: int) -> bool:
    return len(things) > than


def test_backup_under_load_holds_every_lead(
    database_url: str, open_dialect: OpenDialect, empty_sqlite_url: str, tmp_path: Path
) -> None:
    app = InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(open_dialect(database_url)))
    acknowledged: list[str] = []
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            fields = make_fields(f"p{len(acknowledged)}@example.com", resume="Can sew." * 100)
            acknowledged.append(app.capture_lead(PUBLIC, fields).lead.id)

    sender = threading.Thread(target=send)
    sender.start()
    held = []
    backup_store = PeeweeBackupStore(open_dialect(database_url), None)
    try:
        for number in range(BACKUPS_UNDER_LOAD):
            eventually(partial(has_more, acknowledged, len(acknowledged) + 5), "more leads")
            before = set(acknowledged)
            backup_store.save(str(tmp_path / f"{number}.zip"), NOW)
            held.append(before)
    finally:
        stop.set()
        sender.join()
    for number, before in enumerate(held):
        restored = restore(empty_sqlite_url, open_dialect, tmp_path / f"{number}.zip", force=True)
        leads = restored.leads()
        assert before <= {lead.id for lead in leads}
        assert all(lead.resume for lead in leads)
        assert all(len(restored.read_history(VIEWER, lead.id)) == 1 for lead in leads)
        close(restored)


@on_sqlite
@pytest.mark.usefixtures("busy")
def test_temporary_files_of_killed_backup_go(
    sqlite_url: str, open_dialect: OpenDialect, backup_file: Path
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}.saving{suffix}").write_bytes(b"half a copy")
    assert PeeweeBackupStore(open_dialect(sqlite_url), None).save(str(backup_file), NOW).rows["leads"] == 3
    assert not list(path.parent.glob("*.saving*[!k]"))


@pytest.mark.usefixtures("busy")
def test_concurrent_backups_are_independent(
    database_url: str, open_dialect: OpenDialect, tmp_path: Path
) -> None:
    def save(number: int) -> int:
        backup_store = PeeweeBackupStore(open_dialect(database_url), None)
        return backup_store.save(str(tmp_path / f"{number}.zip"), NOW).rows["leads"]

    assert run_in_threads(4, save) == [3] * 4


def test_backup_file_is_private(sqlite_url: str, open_dialect: OpenDialect) -> None:
    with open_dialect(sqlite_url).snapshot_copy():
        folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
        modes = {path.stat().st_mode & 0o777 for path in folder.glob("*.saving*[!k]")}
    assert modes == {0o600}


def test_backup_does_not_block_writers(sqlite_url: str, open_dialect: OpenDialect, backup_file: Path) -> None:
    with connect(sqlite_url) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM leads")
        dialect = open_dialect(sqlite_url)
        with dialect.snapshot_copy() as copy:
            app = InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(open_dialect(sqlite_url)))
            app.receive("ann@example.com")
            assert copy is not dialect
    assert not backup_file.exists()
