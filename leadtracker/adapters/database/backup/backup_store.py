"""Everything that is in the database, and what it refers to in an object storage, in one file."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Self, TypeVar

import peewee
from attrs import evolve, frozen

from leadtracker.adapters.database.backup.backup_file import BackupReader, BackupWriter
from leadtracker.adapters.database.backup.backup_objects import ObjectExporter, object_importer
from leadtracker.adapters.database.backup.backup_rows import (
    BACKUP_TABLES,
    count_rows,
    export_rows,
    import_rows,
)
from leadtracker.adapters.database.backup.withdrawals import read_accounts, read_withdrawals
from leadtracker.adapters.database.backup.withdrawn_rows import (
    WithdrawnRows,
    add_withdrawn_rows,
    read_withdrawn_rows,
)
from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.adapters.database.schema import PeeweeSchema, keeps_rows_of, known_migrations
from leadtracker.adapters.database.tables import TABLES
from leadtracker.domain.errors import RestoreRejected, StorageUnavailable
from leadtracker.domain.ports.backup_store import BackupAccounts, BackupManifest, BackupStore, Withdrawals
from leadtracker.domain.ports.leads.object_store import ObjectStore

ReadT = TypeVar("ReadT")


@frozen
class PeeweeBackupStore(BackupStore):
    """See the port for its promises.

    What is kept outside of the tables has to be saved and restored here, beside them.

    Args:
        objects: None if there is no object storage.
        key: signs backups, and those that are read must be signed with it; None for neither.
    """

    _dialect: Dialect
    _objects: ObjectStore | None
    _key: bytes | None = None

    def without_signature(self) -> Self:
        """Return the store for a backup that need not be signed."""
        return evolve(self, key=None)

    def save(self, path: str, now: datetime) -> BackupManifest:
        with BackupWriter.to(Path(path), self._key) as writer, ObjectExporter.opened() as objects:
            with self._dialect.snapshot_copy() as source:
                for table in BACKUP_TABLES:
                    writer.write(table._meta.table_name, export_rows(source, table))
                objects.record_keys(source)
            writer.write_objects(objects.export(self._dialect, self._objects))
            kind, migrations = self._dialect.kind, known_migrations()
            return writer.write_manifest(version("leadtracker"), kind, migrations, objects.missing, now)

    def withdrawals(self) -> Withdrawals:
        return self._read(read_withdrawals)

    def restore(
        self, path: str, *, force: bool, announce: Callable[[BackupAccounts], None] = lambda _: None
    ) -> BackupManifest:
        with BackupReader.of(Path(path), self._key) as reader:
            _check_version(reader.manifest)
            reader.check()
            if not force and not self._read(_is_empty):
                raise RestoreRejected("the database is not empty; --force overwrites it")
            announce(read_accounts(reader))
            self._replace(reader)
            return reader.manifest

    def _replace(self, reader: BackupReader) -> None:
        kept = WithdrawnRows()
        with suppress(StorageUnavailable):  # a damaged database is a reason to restore a backup
            kept = self._read(read_withdrawn_rows)
        with (
            object_importer(self._objects, reader.manifest) as importer,
            self._dialect.restore_target() as target,
        ):
            PeeweeSchema(target).prepare()
            if importer:
                importer.import_objects(reader.read_objects())
            _fill(target, reader, kept)

    def _read(self, read: Callable[[Dialect], ReadT]) -> ReadT:
        with translated_errors():
            self._dialect.open()
            try:
                return read(self._dialect)
            finally:
                self._dialect.release()


def _check_version(manifest: BackupManifest) -> None:
    if not keeps_rows_of(manifest.migrations):
        text = f"the backup was made by version {manifest.version}, whose database has another schema; "
        raise RestoreRejected(text + "restore it with that version, then upgrade")
    missing = {table._meta.table_name for table in BACKUP_TABLES} ^ set(manifest.rows)
    if missing:
        raise RestoreRejected(f"the backup is damaged: {', '.join(sorted(missing))}")


def _is_empty(dialect: Dialect) -> bool:
    there = set(dialect.database.get_tables())
    tables = (table for table in BACKUP_TABLES if table._meta.table_name in there)
    return not any(count_rows(dialect, table) for table in tables)


def _fill(target: Dialect, reader: BackupReader, kept: WithdrawnRows) -> None:
    with translated_errors():
        target.open()
        try:
            with target.integrity.without_statement_timeout(target.database), target.database.atomic():
                target.clear([table._meta.table_name for table in TABLES])
                for table in BACKUP_TABLES:
                    import_rows(target, table, reader.read_rows(table._meta.table_name))
                _check_content(target, reader.manifest)
                add_withdrawn_rows(target, kept)
        except (peewee.DataError, peewee.IntegrityError, ValueError) as error:
            raise RestoreRejected("the backup holds what cannot be stored") from error
        finally:
            target.release()


def _check_content(target: Dialect, manifest: BackupManifest) -> None:
    errors = target.integrity.errors(target.database)
    restored = {table._meta.table_name: count_rows(target, table) for table in BACKUP_TABLES}
    if errors or restored != manifest.rows:
        raise RestoreRejected(
            f"what was restored is not what was saved: {'; '.join(errors) or 'rows are missing'}"
        )
