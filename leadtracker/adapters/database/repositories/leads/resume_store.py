"""Resumes in the database: their files, or the keys of the stored objects that hold the files."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statements import StatementExecutor, param
from leadtracker.adapters.database.tables import OrphanObjectRow, ResumeRow
from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.leads.resume import Resume, ResumeFile, ResumeObject, StoredResume
from leadtracker.domain.ports.leads.resume_store import ResumeStore

_COLUMNS = tuple(ResumeRow._meta.sorted_fields)
_IS_RESERVED = OrphanObjectRow.until.is_null(is_null=False)
_IS_MARKED = OrphanObjectRow.until.is_null()


@frozen
class PeeweeResumeStore(ResumeStore):
    """See the port for its promises. Each file is written and read in one statement."""

    _executor: StatementExecutor

    def put(self, lead_id: str, stored: StoredResume) -> str | None:
        freed = self._free(lead_id)
        key, content = (None, stored.content) if isinstance(stored, ResumeFile) else (stored.key, b"")
        if key is not None and not self._executor.write(_take, key=key):
            raise ResumeStorageUnavailable("the upload of the resume took too long")
        values = asdict(stored.resume)
        self._executor.write(_upsert, lead_id=lead_id, object_key=key, content=content, **values)
        return freed

    def get(self, lead_id: str) -> StoredResume | None:
        row = self._executor.row(_select, lead_id=lead_id)
        if row is None:
            return None
        resume = Resume(
            filename=row.filename, content_type=row.content_type, size=row.size, sha256=row.sha256
        )
        if row.object_key is None:
            return ResumeFile(resume, bytes(row.content))
        return ResumeObject(resume, row.object_key)

    def remove(self, lead_id: str) -> str | None:
        freed = self._free(lead_id)
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

    def _free(self, lead_id: str) -> str | None:
        """Mark the stored object of a resume for deletion, and return its key. The lead is locked, or new."""
        row = self._executor.row(_select_key, lead_id=lead_id)
        if row is None or row.object_key is None:
            return None
        self._executor.write(_insert_orphan, key=row.object_key, until=None)
        return str(row.object_key)


def _upsert() -> peewee.Node:
    new = ResumeRow.insert({column: param(column.column_name) for column in _COLUMNS})
    return new.on_conflict(
        conflict_target=[ResumeRow.lead],
        preserve=[column for column in _COLUMNS if column is not ResumeRow.lead],
    )


def _select() -> peewee.Node:
    return ResumeRow.select(*_COLUMNS).where(ResumeRow.lead == param("lead_id"))


def _select_key() -> peewee.Node:
    return ResumeRow.select(ResumeRow.object_key).where(ResumeRow.lead == param("lead_id"))


def _delete() -> peewee.Node:
    return ResumeRow.delete().where(ResumeRow.lead == param("lead_id"))


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
