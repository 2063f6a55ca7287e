"""Files of resumes in the database, or the keys of the objects that hold them."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import OrphanObjectRow, ResumeRow
from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.intake.resume import Resume, ResumeFile, ResumeObject, StoredResume
from leadtracker.domain.ports.leads.resume_store import ResumeStore

_COLUMNS = tuple(ResumeRow._meta.sorted_fields)
_IS_RESERVED = OrphanObjectRow.until.is_null(is_null=False)
_IS_MARKED = OrphanObjectRow.until.is_null()


@frozen
class PeeweeResumeStore(ResumeStore):
    """See the port for what it promises. A file is written and read as a whole, in one statement each."""

    _executor: StatementExecutor

    def put(self, lead_id: str, stored: StoredResume) -> str | None:
        freed = self._free(lead_id)
        key, content = (None, stored.content) if isinstance(stored, ResumeFile) else (stored.key, b"")
        if key is not None and not self._executor.write(_take, key=key):
            raise ResumeStorageUnavailable("the resume took too long to come in")
        values = asdict(stored.resume)
        self._executor.write(_upsert, lead_id=lead_id, object_key=key, content=content, **values)
        return freed

    def get(self, lead_id: str) -> StoredResume | None:
        row = self._executor.row(_select, lead_id=lead_id)
        if row is None:
            return None
        _, filename, content_type, size, sha256, content, key = row
        resume = Resume(filename=filename, content_type=content_type, size=size, sha256=sha256)
        return ResumeFile(resume, bytes(content)) if key is None else ResumeObject(resume, key)

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
        return [key for (key,) in self._executor.rows(_select_marked, limit=limit)]

    def delete_reservation(self, key: str) -> None:
        self._executor.write(_delete_reservation, key=key)

    def _free(self, lead_id: str) -> str | None:
        """Mark the key of a resume that is about to go. Its lead is locked, or new."""
        row = self._executor.row(_select_key, lead_id=lead_id)
        if row is None or row[0] is None:
            return None
        self._executor.write(_insert_orphan, key=row[0], until=None)
        return str(row[0])


def _upsert() -> peewee.Node:
    new = ResumeRow.insert({column: param(column.column_name) for column in _COLUMNS})
    return new.on_conflict(conflict_target=[ResumeRow.lead], preserve=_COLUMNS[1:])


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
