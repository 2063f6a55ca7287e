"""Backups while others write, and several backups at once."""

import threading
from functools import partial
from pathlib import Path

import pytest

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.accounts.access import PUBLIC
from tests.integration.adapters.database.backup.conftest import close, restore
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.database import connect, on_sqlite
from tests.support.instruments.concurrency import run_in_threads
from tests.support.instruments.polling import eventually
from tests.support.memory.in_memory_app import VIEWER, InMemoryApp

BACKUPS_UNDER_LOAD = 5


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
