"""Leads in the database."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import Row, RowLock, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_pages import (
    ListQueryVariant,
    page_values,
    select_page,
)
from leadtracker.adapters.database.repositories.leads.lead_rows import (
    COLUMNS,
    PARAMETERS,
    TimestampAsText,
    to_lead,
    to_values,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.errors import DuplicateLead, LeadNotFound, StorageUnavailable, VersionConflict
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayloadPage, payload_from_row
from leadtracker.domain.model.leads.lead_query import Cursor, LeadFilter, LeadPage, Sort
from leadtracker.domain.ports.leads.lead_repository import LeadRepository

_ATTEMPTS_TO_ADD = 10  # another one is needed only if the primary lead of the address came or went meanwhile


@frozen
class PeeweeLeadRepository(LeadRepository):
    """See the port for what it promises."""

    _executor: StatementExecutor

    def add(self, lead: Lead) -> None:
        for _ in range(_ATTEMPTS_TO_ADD):
            if self._executor.write_returning(_insert, **to_values(lead)) is not None:
                self._enqueue_search_document(lead)
                return
            primary = self._executor.row(_select_primary_id, email_key=lead.email.key)
            if primary is not None:
                raise DuplicateLead(primary[0])
        raise _restless()

    def add_or_mark_duplicate(self, lead: Lead) -> None:
        self._executor.enqueue_write(_insert_linked, self._executor.dialect.lock_shared, **to_values(lead))
        self._enqueue_search_document(lead)

    def get(self, lead_id: str) -> Lead:
        row = self._executor.row(_select_by_id, self._executor.lock_row, id=lead_id)
        if row is None:
            raise LeadNotFound(lead_id)
        return to_lead(row, self._executor.dialect.from_db_timestamp)

    def lock_links(self) -> None:
        self._executor.lock_links()

    def save(self, lead: Lead) -> None:
        expected_version = lead.version - 1
        saved = self._executor.write_if_unique(_update, expected_version=expected_version, **to_values(lead))
        if saved is None:
            primary = self._executor.row(_select_primary_id, email_key=lead.email.key)
            raise DuplicateLead(primary[0]) if primary else _restless()
        if not saved:
            raise VersionConflict(lead.id, self.get(lead.id).version)
        full_text = self._executor.dialect.full_text
        self._executor.write(full_text.update, **full_text.values(lead))

    def erase(self, lead_id: str) -> None:
        if not self._executor.erase(_delete, id=lead_id):
            raise LeadNotFound(lead_id)

    def find_primary(self, email_key: str) -> Lead | None:
        row = self._executor.row(_select_primary, email_key=email_key)
        return None if row is None else to_lead(row, self._executor.dialect.from_db_timestamp)

    def page(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPage:
        rows = self._rows(lead_filter, limit + 1, after, sort)
        decode = self._executor.dialect.from_db_timestamp
        return LeadPage.cut([to_lead(row, decode) for row in rows], limit, sort)

    def payload(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPayloadPage:
        rows = self._rows(lead_filter, limit + 1, after, sort, self._executor.dialect.timestamp_as_text)
        return LeadPayloadPage.cut([payload_from_row(row) for row in rows], limit, sort)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        row = self._executor.row(_count_created, created_from=start, created_to=end)
        return int(row[0]) if row else 0

    def _enqueue_search_document(self, lead: Lead) -> None:
        full_text = self._executor.dialect.full_text
        self._executor.enqueue_write(full_text.insert, **full_text.values(lead))

    def _rows(
        self,
        lead_filter: LeadFilter,
        limit: int,
        after: Cursor | None,
        sort: Sort,
        show: TimestampAsText | None = None,
    ) -> list[Row]:
        if lead_filter.search is not None and not lead_filter.search.words:
            return []
        dialect = self._executor.dialect
        values = page_values(lead_filter, after, limit, dialect.full_text)
        variant = ListQueryVariant.of(lead_filter, after, sort)
        return self._executor.rows(
            select_page, variant, dialect.full_text, dialect.likelihood, show, **values
        )


def _restless() -> StorageUnavailable:
    return StorageUnavailable("other processes keep changing the primary lead of this address")


def _primary(*columns: peewee.Field) -> Select:
    primary = LeadRow.alias()
    is_primary = (primary.email_key == param("email_key")) & primary.duplicate_of.is_null()
    return primary.select(*(getattr(primary, column.name) for column in columns)).where(is_primary)


def _insert() -> peewee.Node:
    return _unless_known(LeadRow.insert(PARAMETERS)).returning(LeadRow.id)


def _insert_linked(lock_shared: RowLock) -> peewee.Node:
    return _unless_known(
        LeadRow.insert(PARAMETERS | {LeadRow.duplicate_of: lock_shared(_primary(LeadRow.id))})
    )


def _unless_known(insert: peewee.ModelInsert) -> peewee.ModelInsert:
    return insert.on_conflict(
        action="nothing",
        conflict_target=[LeadRow.email_key],
        conflict_where=LeadRow.duplicate_of.is_null(),
    )


def _update() -> peewee.Node:
    values = {
        column: value for column, value in PARAMETERS.items() if column.name not in {"id", "created_at"}
    }
    return LeadRow.update(values).where(
        LeadRow.id == param("id"), LeadRow.version == param("expected_version")
    )


def _delete() -> peewee.Node:
    return LeadRow.delete().where(LeadRow.id == param("id"))


def _select_primary_id() -> peewee.Node:
    return _primary(LeadRow.id)


def _select_primary() -> peewee.Node:
    return _primary(*COLUMNS)


def _select_by_id(lock_row: RowLock) -> peewee.Node:
    return lock_row(LeadRow.select(*COLUMNS).where(LeadRow.id == param("id")))


def _count_created() -> peewee.Node:
    return LeadRow.select(peewee.fn.COUNT(peewee.SQL("*"))).where(
        LeadRow.duplicate_of.is_null(),
        LeadRow.created_at >= param("created_from"),
        LeadRow.created_at < param("created_to"),
    )
