"""Files of resumes in the database."""

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.session import Session
from leadtracker.adapters.database.slots import slot
from leadtracker.adapters.database.tables import ResumeRow
from leadtracker.domain.model.resume import Resume, ResumeFile
from leadtracker.domain.ports.resume_store import ResumeStore

_COLUMNS = tuple(ResumeRow._meta.sorted_fields)


@frozen
class PeeweeResumeStore(ResumeStore):
    """See the port for what it promises. A file is written and read as a whole, in one statement each."""

    _session: Session

    def put(self, lead_id: str, file: ResumeFile) -> None:
        self._session.write(_upsert, lead_id=lead_id, content=file.content, **asdict(file.resume))

    def get(self, lead_id: str) -> ResumeFile | None:
        row = self._session.row(_select, lead_id=lead_id)
        if row is None:
            return None
        _, filename, content_type, size, sha256, content = row
        resume = Resume(filename=filename, content_type=content_type, size=size, sha256=sha256)
        return ResumeFile(resume, bytes(content))

    def remove(self, lead_id: str) -> None:
        self._session.erase(_delete, lead_id=lead_id)


def _upsert() -> peewee.Node:
    new = ResumeRow.insert({column: slot(column.column_name) for column in _COLUMNS})
    return new.on_conflict(conflict_target=[ResumeRow.lead], preserve=_COLUMNS[1:])


def _select() -> peewee.Node:
    return ResumeRow.select(*_COLUMNS).where(ResumeRow.lead == slot("lead_id"))


def _delete() -> peewee.Node:
    return ResumeRow.delete().where(ResumeRow.lead == slot("lead_id"))
