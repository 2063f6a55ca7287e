"""Files of resumes in the database, or the keys of the objects that hold them."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.parameters import slot
from leadtracker.adapters.database.engine.statements import Session
from leadtracker.adapters.database.tables import LooseObjectRow, ResumeRow
from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.intake.resume import KeptResume, Resume, ResumeFile, ResumeObject
from leadtracker.domain.ports.leads.resume_store import ResumeStore

_COLUMNS = tuple(ResumeRow._meta.sorted_fields)
_MAY_BE_TAKEN = LooseObjectRow.until.is_null(is_null=False)
_IS_CONDEMNED = LooseObjectRow.until.is_null()


@frozen
class PeeweeResumeStore(ResumeStore):
    """See the port for what it promises. A file is written and read as a whole, in one statement each."""

    _session: Session

    def put(self, lead_id: str, kept: KeptResume) -> str | None:
        freed = self._free(lead_id)
        key, content = (None, kept.content) if isinstance(kept, ResumeFile) else (kept.key, b"")
        if key is not None and not self._session.write(_take, key=key):
            raise ResumeStorageUnavailable("the resume took too long to come in")
        values = asdict(kept.resume)
        self._session.write(_upsert, lead_id=lead_id, object_key=key, content=content, **values)
        return freed

    def get(self, lead_id: str) -> KeptResume | None:
        row = self._session.row(_select, lead_id=lead_id)
        if row is None:
            return None
        _, filename, content_type, size, sha256, content, key = row
        resume = Resume(filename=filename, content_type=content_type, size=size, sha256=sha256)
        return ResumeFile(resume, bytes(content)) if key is None else ResumeObject(resume, key)

    def remove(self, lead_id: str) -> str | None:
        freed = self._free(lead_id)
        self._session.erase(_delete, lead_id=lead_id)
        return freed

    def announce(self, key: str, until: datetime) -> None:
        self._session.write(_insert_loose, key=key, until=until)

    def is_loose(self, key: str) -> bool:
        return self._session.row(_select_loose, key=key) is not None

    def condemn(self, key: str) -> bool:
        return self._session.write(_condemn, key=key, until=None) > 0

    def condemn_expired(self, now: datetime) -> int:
        return self._session.write(_condemn_expired, now=now, until=None)

    def condemned(self, limit: int) -> list[str]:
        return [key for (key,) in self._session.rows(_select_condemned, limit=limit)]

    def forget(self, key: str) -> None:
        self._session.write(_forget, key=key)

    def _free(self, lead_id: str) -> str | None:
        """Condemn the key of a resume that is about to go. Its lead is locked, or new."""
        row = self._session.row(_select_key, lead_id=lead_id)
        if row is None or row[0] is None:
            return None
        self._session.write(_insert_loose, key=row[0], until=None)
        return str(row[0])


def _upsert() -> peewee.Node:
    new = ResumeRow.insert({column: slot(column.column_name) for column in _COLUMNS})
    return new.on_conflict(conflict_target=[ResumeRow.lead], preserve=_COLUMNS[1:])


def _select() -> peewee.Node:
    return ResumeRow.select(*_COLUMNS).where(ResumeRow.lead == slot("lead_id"))


def _select_key() -> peewee.Node:
    return ResumeRow.select(ResumeRow.object_key).where(ResumeRow.lead == slot("lead_id"))


def _delete() -> peewee.Node:
    return ResumeRow.delete().where(ResumeRow.lead == slot("lead_id"))


def _insert_loose() -> peewee.Node:
    return LooseObjectRow.insert({LooseObjectRow.key: slot("key"), LooseObjectRow.until: slot("until")})


def _select_loose() -> peewee.Node:
    return LooseObjectRow.select(LooseObjectRow.key).where(LooseObjectRow.key == slot("key"))


def _take() -> peewee.Node:
    return LooseObjectRow.delete().where(LooseObjectRow.key == slot("key"), _MAY_BE_TAKEN)


def _condemn() -> peewee.Node:
    return LooseObjectRow.update({"until": slot("until")}).where(LooseObjectRow.key == slot("key"))


def _condemn_expired() -> peewee.Node:
    return LooseObjectRow.update({"until": slot("until")}).where(LooseObjectRow.until <= slot("now"))


def _select_condemned() -> peewee.Node:
    row = LooseObjectRow
    return row.select(row.key).where(_IS_CONDEMNED).order_by(row.key).limit(slot("limit"))


def _forget() -> peewee.Node:
    return LooseObjectRow.delete().where(LooseObjectRow.key == slot("key"), _IS_CONDEMNED)
