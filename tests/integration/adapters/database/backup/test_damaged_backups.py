"""A file that is no whole backup, or does not fit the database, replaces nothing."""

import itertools
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leadtracker.adapters.database.backup.backup_file import BackupReader, BackupWriter
from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import RestoreRejected
from tests.integration.adapters.database.backup.conftest import close, restore
from tests.integration.adapters.database.conftest import OpenDialect
from tests.integration.conftest import migrate
from tests.support.clock import NOW
from tests.support.database import on_sqlite
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.raw_database import RawDatabase


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
    "no schema": rewrite(lambda _, raw: re.sub(rb'"migrations": \[[^]]*\]', b'"migrations": []', raw)),
    "a newer schema": rewrite(lambda _, raw: raw.replace(b'"0001_release_1"', b'"0001_release_1", "9_new"')),
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
def test_rejected_rows_replace_nothing(
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
