"""Everything that is in the database, and what it refers to in an object storage, in one file."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import peewee
from attrs import frozen

from leadtracker.adapters.database.backup.backup_file import ArchiveReader, ArchiveWriter
from leadtracker.adapters.database.backup.backup_objects import ObjectDump, loading
from leadtracker.adapters.database.backup.backup_rows import SAVED, count, dump, load
from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.errors import translated_errors
from leadtracker.adapters.database.schema import PeeweeSchema, known_migrations
from leadtracker.adapters.database.tables import TABLES
from leadtracker.domain.errors import RestoreRefused
from leadtracker.domain.ports.backup_store import Archive, Archives
from leadtracker.domain.ports.leads.object_store import ObjectStore


@frozen
class PeeweeArchives(Archives):
    """See the port for what it promises.

    What is kept outside of the tables has to be saved and restored here, beside them.

    Args:
        objects: None if there is no object storage.
    """

    _dialect: Dialect
    _objects: ObjectStore | None

    def save(self, path: str, now: datetime) -> Archive:
        with ArchiveWriter.to(Path(path)) as writer, ObjectDump.opened() as objects:
            with self._dialect.frozen() as source:
                for table in SAVED:
                    writer.write(table._meta.table_name, dump(source, table))
                objects.note(source)
            writer.write_objects(objects.lines(self._dialect, self._objects))
            kind, migrations = self._dialect.kind, known_migrations()
            return writer.seal(version("leadtracker"), kind, migrations, objects.missing, now)

    def restore(self, path: str, *, force: bool) -> Archive:
        with ArchiveReader.of(Path(path)) as reader:
            _check_version(reader.archive)
            reader.check()
            if not force and not self._is_empty():
                raise RestoreRefused("the database is not empty; --force overwrites it")
            self._replace(reader)
            return reader.archive

    def _replace(self, reader: ArchiveReader) -> None:
        with loading(self._objects, reader.archive) as load_objects, self._dialect.replacement() as target:
            PeeweeSchema(target).prepare()
            if load_objects:
                load_objects.put(reader.objects())
            _fill(target, reader)

    def _is_empty(self) -> bool:
        with translated_errors():
            self._dialect.open()
            try:
                there = set(self._dialect.database.get_tables())
                tables = (table for table in SAVED if table._meta.table_name in there)
                return not any(count(self._dialect, table) for table in tables)
            finally:
                self._dialect.release()


def _check_version(archive: Archive) -> None:
    if archive.migrations != tuple(known_migrations()):
        text = f"the archive was made by version {archive.version}, whose database has another schema; "
        raise RestoreRefused(text + "restore it with that version, then upgrade")
    missing = {table._meta.table_name for table in SAVED} ^ set(archive.rows)
    if missing:
        raise RestoreRefused(f"the archive is damaged: {', '.join(sorted(missing))}")


def _fill(target: Dialect, reader: ArchiveReader) -> None:
    with translated_errors():
        target.open()
        try:
            with target.soundness.patience(target.database), target.database.atomic():
                target.clear([table._meta.table_name for table in TABLES])
                for table in SAVED:
                    load(target, table, reader.lines(table._meta.table_name))
                _check_content(target, reader.archive)
        except (peewee.DataError, peewee.IntegrityError, ValueError) as error:
            raise RestoreRefused("the archive holds what cannot be stored") from error
        finally:
            target.release()


def _check_content(target: Dialect, archive: Archive) -> None:
    faults = target.soundness.faults(target.database)
    restored = {table._meta.table_name: count(target, table) for table in SAVED}
    if faults or restored != archive.rows:
        raise RestoreRefused(
            f"what was restored is not what was saved: {'; '.join(faults) or 'rows are missing'}"
        )
