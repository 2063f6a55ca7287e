"""Files of leads in the database: their contents, or the keys of the stored objects that hold these."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import LeadFileRow, OrphanObjectRow
from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.leads.lead_file import RESUME_ID, FileMetadata, FileObject, LeadFile, StoredFile
from leadtracker.domain.ports.leads.file_store import FileStore

_COLUMNS = tuple(LeadFileRow._meta.sorted_fields)
_IS_RESERVED = OrphanObjectRow.until.is_null(is_null=False)
_IS_MARKED = OrphanObjectRow.until.is_null()


@frozen
class PeeweeFileStore(FileStore):
    """See the port for its promises. Each file is written and read in one statement."""

    _executor: StatementExecutor

    def put(self, lead_id: str, stored: StoredFile, file_id: str = RESUME_ID) -> str | None:
        freed = self._free(self._executor.rows(_select_key, lead_id=lead_id, id=file_id))
        key, content = (None, stored.content) if isinstance(stored, LeadFile) else (stored.key, b"")
        if key is not None and not self._executor.write(_take, key=key):
            raise ResumeStorageUnavailable("the upload of the file took too long")
        values = asdict(stored.metadata)
        self._executor.write(_upsert, lead_id=lead_id, id=file_id, object_key=key, content=content, **values)
        return freed[0] if freed else None

    def get(self, lead_id: str, file_id: str = RESUME_ID) -> StoredFile | None:
        row = self._executor.row(_select, lead_id=lead_id, id=file_id)
        if row is None:
            return None
        metadata = FileMetadata(
            filename=row.filename, content_type=row.content_type, size=row.size, sha256=row.sha256
        )
        if row.object_key is None:
            return LeadFile(metadata, bytes(row.content))
        return FileObject(metadata, row.object_key)

    def ids_of(self, lead_id: str) -> list[str]:
        return [row.id for row in self._executor.rows(_select_ids, lead_id=lead_id)]

    def remove_all(self, lead_id: str) -> list[str]:
        freed = self._free(self._executor.rows(_select_keys, lead_id=lead_id))
        self._executor.erase(_delete, lead_id=lead_id)
        return freed

    def reserve(self, key: str, until: datetime) -> None:
        self._executor.write(_insert_orphan, key=key, until=until)

    def is_unreferenced(self, key: str) -> bool:
        return self._executor.row(_select_orphan, key=key) is not None

    def mark_for_deletion(self, key: str) -> bool:
        return self._executor.write(_mark_for_deletion, key=key, until=None) > 0

    def mark_expired_for_deletion(self, now: datetime) -> int:
        return self._executor.write(_mark_expired_for_deletion, now=now, until=None)

    def marked_for_deletion(self, limit: int) -> list[str]:
        return [row.key for row in self._executor.rows(_select_marked, limit=limit)]

    def delete_reservation(self, key: str) -> None:
        self._executor.write(_delete_reservation, key=key)

    def _free(self, rows: list[Row]) -> list[str]:
        """Mark the objects of files for deletion, and return their keys. The lead is locked, or new."""
        keys = [str(row.object_key) for row in rows if row.object_key is not None]
        for key in keys:
            self._executor.write(_insert_orphan, key=key, until=None)
        return keys


_IS_OF_LEAD = LeadFileRow.lead == param("lead_id")
_IS_FILE = _IS_OF_LEAD & (LeadFileRow.id == param("id"))


def _upsert() -> peewee.Node:
    new = LeadFileRow.insert({column: param(column.column_name) for column in _COLUMNS})
    return new.on_conflict(
        conflict_target=[LeadFileRow.lead, LeadFileRow.id],
        preserve=[column for column in _COLUMNS if column not in {LeadFileRow.lead, LeadFileRow.id}],
    )


def _select() -> peewee.Node:
    return LeadFileRow.select(*_COLUMNS).where(_IS_FILE)


def _select_ids() -> peewee.Node:
    return LeadFileRow.select(LeadFileRow.id).where(_IS_OF_LEAD).order_by(LeadFileRow.id)


def _select_key() -> peewee.Node:
    return LeadFileRow.select(LeadFileRow.object_key).where(_IS_FILE)


def _select_keys() -> peewee.Node:
    return LeadFileRow.select(LeadFileRow.object_key).where(_IS_OF_LEAD)


def _delete() -> peewee.Node:
    return LeadFileRow.delete().where(_IS_OF_LEAD)


def _insert_orphan() -> peewee.Node:
    return OrphanObjectRow.insert({OrphanObjectRow.key: param("key"), OrphanObjectRow.until: param("until")})


def _select_orphan() -> peewee.Node:
    return OrphanObjectRow.select(OrphanObjectRow.key).where(OrphanObjectRow.key == param("key"))


def _take() -> peewee.Node:
    return OrphanObjectRow.delete().where(OrphanObjectRow.key == param("key"), _IS_RESERVED)


def _mark_for_deletion() -> peewee.Node:
    return OrphanObjectRow.update({"until": param("until")}).where(OrphanObjectRow.key == param("key"))


def _mark_expired_for_deletion() -> peewee.Node:
    return OrphanObjectRow.update({"until": param("until")}).where(OrphanObjectRow.until <= param("now"))


def _select_marked() -> peewee.Node:
    row = OrphanObjectRow
    return row.select(row.key).where(_IS_MARKED).order_by(row.key).limit(param("limit"))


def _delete_reservation() -> peewee.Node:
    return OrphanObjectRow.delete().where(OrphanObjectRow.key == param("key"), _IS_MARKED)
