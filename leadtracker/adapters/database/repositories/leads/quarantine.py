"""What looks like spam, in the database."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import Row, RowLock, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import from_json, to_json
from leadtracker.adapters.database.tables import SuspectRow
from leadtracker.domain.errors import SuspectNotFound
from leadtracker.domain.model.intake.quarantined_lead import Suspect, SuspectPage, SuspectPlace, Suspicion
from leadtracker.domain.model.intake.resume import ResumeFile
from leadtracker.domain.ports.leads.quarantine import Quarantine

_COLUMNS = tuple(SuspectRow._meta.sorted_fields)
_SHOWN = (SuspectRow.lead, SuspectRow.suspicion, SuspectRow.consent, SuspectRow.request_id)


@frozen
class PeeweeQuarantine(Quarantine):
    """See the port for what it promises. Files are read only by themselves."""

    _executor: StatementExecutor

    def add(self, suspect: Suspect, file: ResumeFile | None) -> None:
        self._executor.write(
            _insert,
            id=suspect.id,
            received_at=suspect.received_at,
            email_key=suspect.lead.email.key,
            suspicion=suspect.suspicion,
            lead=to_json(suspect.lead),
            consent=suspect.consent,
            request_id=suspect.request_id,
            content=file and file.content,
        )

    def get(self, suspect_id: str) -> Suspect:
        row = self._executor.row(_select, self._executor.lock_row, id=suspect_id)
        if row is None:
            raise SuspectNotFound(suspect_id)
        return _to_suspect(row)

    def file_of(self, suspect_id: str) -> ResumeFile | None:
        row = self._executor.row(_select_content, id=suspect_id)
        resume = row and from_json(row[0]).resume
        return ResumeFile(resume, bytes(row[1])) if row and resume else None

    def page(self, *, limit: int, after: SuspectPlace | None = None) -> SuspectPage:
        there = {"at": after and after.received_at, "id": after and after.suspect_id}
        rows = self._executor.rows(_select_page, after is not None, limit=limit + 1, **there)
        return SuspectPage.cut([_to_suspect(row) for row in rows], limit)

    def of(self, email_key: str) -> list[Suspect]:
        return [_to_suspect(row) for row in self._executor.rows(_select_of, email_key=email_key)]

    def remove(self, suspect_id: str) -> None:
        if not self._executor.erase(_delete, id=suspect_id):
            raise SuspectNotFound(suspect_id)

    def forget(self, before: datetime) -> int:
        return self._executor.erase(_delete_before, before=before)


def _to_suspect(row: Row) -> Suspect:
    lead, suspicion, consent, request_id = row
    return Suspect(
        lead=from_json(lead), suspicion=Suspicion(suspicion), consent=consent, request_id=request_id
    )


def _insert() -> peewee.Node:
    return SuspectRow.insert({column: param(column.name) for column in _COLUMNS})


def _select(lock_row: RowLock) -> peewee.Node:
    return lock_row(SuspectRow.select(*_SHOWN).where(SuspectRow.id == param("id")))


def _select_content() -> peewee.Node:
    return SuspectRow.select(SuspectRow.lead, SuspectRow.content).where(SuspectRow.id == param("id"))


def _select_page(has_cursor: bool) -> peewee.Node:  # noqa: FBT001 - a variant is a row of flags
    row = SuspectRow
    query = row.select(*_SHOWN)
    if has_cursor:
        query = query.where(peewee.Tuple(row.received_at, row.id) < peewee.Tuple(param("at"), param("id")))
    return query.order_by(row.received_at.desc(), row.id.desc()).limit(param("limit"))


def _select_of() -> peewee.Node:
    row = SuspectRow
    is_theirs = row.email_key == param("email_key")
    return row.select(*_SHOWN).where(is_theirs).order_by(row.received_at, row.id)


def _delete() -> peewee.Node:
    return SuspectRow.delete().where(SuspectRow.id == param("id"))


def _delete_before() -> peewee.Node:
    return SuspectRow.delete().where(SuspectRow.received_at < param("before"))
