"""Quarantined leads in the database."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import from_json, to_json
from leadtracker.adapters.database.tables import QuarantinedLeadRow
from leadtracker.domain.errors import QuarantinedLeadNotFound
from leadtracker.domain.model.intake.consent import Consent, ConsentForm
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import LeadFile
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.intake.quarantine import Quarantine

_COLUMNS = tuple(QuarantinedLeadRow._meta.sorted_fields)
_LISTED = (
    QuarantinedLeadRow.lead,
    QuarantinedLeadRow.reason,
    QuarantinedLeadRow.consent,
    QuarantinedLeadRow.consent_form,
    QuarantinedLeadRow.request_id,
)


@frozen
class PeeweeQuarantine(Quarantine):
    """See the port for its promises. Only ``files_of`` reads the content of files."""

    _executor: StatementExecutor

    def add(self, quarantined_lead: QuarantinedLead, files: Sequence[LeadFile]) -> None:
        self._executor.write(
            _insert,
            id=quarantined_lead.id,
            received_at=quarantined_lead.received_at,
            identity=quarantined_lead.lead.identity,
            reason=quarantined_lead.reason,
            lead=to_json(quarantined_lead.lead),
            consent=quarantined_lead.consent and quarantined_lead.consent.text,
            consent_form=quarantined_lead.consent and quarantined_lead.consent.form,
            request_id=quarantined_lead.request_id,
            content=b"".join(file.content for file in files) if files else None,
        )

    def get(self, quarantined_lead_id: str) -> QuarantinedLead:
        row = self._executor.row(_select, self._executor.lock_row, id=quarantined_lead_id)
        if row is None:
            raise QuarantinedLeadNotFound(quarantined_lead_id)
        return _to_quarantined_lead(row)

    def files_of(self, quarantined_lead_id: str) -> Mapping[str, LeadFile]:
        row = self._executor.row(_select_content, id=quarantined_lead_id)
        if row is None or row.content is None:
            return {}
        content = io.BytesIO(row.content)
        files = from_json(row.lead).files
        return {name: LeadFile(metadata, content.read(metadata.size)) for name, metadata in files.items()}

    def page(
        self,
        *,
        limit: int,
        after: Cursor | None = None,
        reason: QuarantineReason | None = None,
    ) -> Page[QuarantinedLead]:
        variant = (after is not None, reason is not None)
        cursor = {"at": after and after.at, "id": after and after.id}
        rows = self._executor.rows(_select_page, *variant, limit=limit + 1, reason=reason, **cursor)
        return Page.cut([_to_quarantined_lead(row) for row in rows], limit, lambda one: one.cursor)

    def of(self, identity: str, *, limit: int | None = None) -> list[QuarantinedLead]:
        rows = self._executor.rows(_select_of, limit is not None, identity=identity, limit=limit)
        return list(map(_to_quarantined_lead, rows))

    def count(self, *, limit: int) -> int:
        return len(self._executor.rows(_select_ids, limit=limit))

    def remove(self, quarantined_lead_id: str) -> None:
        if not self._executor.erase(_delete, id=quarantined_lead_id):
            raise QuarantinedLeadNotFound(quarantined_lead_id)

    def purge(self, before: datetime) -> int:
        return self._executor.erase(_delete_before, before=before)


def _to_quarantined_lead(row: Row) -> QuarantinedLead:
    lead = from_json(row.lead)
    return QuarantinedLead(
        lead=lead,
        reason=QuarantineReason(row.reason),
        consent=_consent(row, lead),
        request_id=row.request_id,
    )


def _consent(row: Row, lead: Lead) -> Consent | None:
    if row.consent is None:
        return None
    form = ConsentForm(row.consent_form)
    return Consent(text=row.consent, at=lead.created_at, form=form, language=lead.language)


def _insert() -> peewee.Node:
    return QuarantinedLeadRow.insert({column: param(column.name) for column in _COLUMNS})


def _select(lock_row: RowLock) -> peewee.Node:
    return lock_row(QuarantinedLeadRow.select(*_LISTED).where(QuarantinedLeadRow.id == param("id")))


def _select_content() -> peewee.Node:
    return QuarantinedLeadRow.select(QuarantinedLeadRow.lead, QuarantinedLeadRow.content).where(
        QuarantinedLeadRow.id == param("id")
    )


def _select_page(has_cursor: bool, has_reason: bool) -> peewee.Node:  # noqa: FBT001 - flags of a variant
    row = QuarantinedLeadRow
    query = row.select(*_LISTED)
    if has_reason:
        query = query.where(row.reason == param("reason"))
    return page_of(query, row.received_at, row.id, has_cursor=has_cursor)


def _select_ids() -> peewee.Node:
    row = QuarantinedLeadRow
    return row.select(row.id).order_by(row.received_at, row.id).limit(param("limit"))


def _select_of(is_limited: bool) -> peewee.Node:  # noqa: FBT001 - a variant consists of flags
    row = QuarantinedLeadRow
    is_of_person = row.identity == param("identity")
    query = row.select(*_LISTED).where(is_of_person).order_by(row.received_at, row.id)
    return query.limit(param("limit")) if is_limited else query


def _delete() -> peewee.Node:
    return QuarantinedLeadRow.delete().where(QuarantinedLeadRow.id == param("id"))


def _delete_before() -> peewee.Node:
    return QuarantinedLeadRow.delete().where(QuarantinedLeadRow.received_at < param("before"))
