"""Leads in the database."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import attrgetter

from attrs import frozen

from leadtracker.adapters.database.engine.row_batches import insert_rows
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.lead_rollups import (
    erase_from_rollups,
    insert_change,
    insert_change_of,
    insert_change_of_primary,
    insert_changes,
)
from leadtracker.adapters.database.repositories.leads import lead_statements as statements
from leadtracker.adapters.database.repositories.leads.lead_rows import to_lead, to_search_values, to_values
from leadtracker.adapters.database.repositories.leads.pages.lead_pages import LeadPages
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.sealed_leads import insert_erased
from leadtracker.domain.errors import DuplicateLead, LeadNotFound, StorageUnavailable, VersionConflict
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.leads.lead import Lead, full_name
from leadtracker.domain.model.leads.lead_payload import LeadPayload, cursor_after, payload_from_row
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.leads.lead_repository import EnquiriesFull, LeadRepository

_LINKS_LOCK = 0x1EAE  # an arbitrary number that no other advisory lock of this package uses
_ASSIGNMENT_LOCK = 0x1EAF  # another one
_VALUES_PER_QUERY = 100  # fewer than the parameters of a statement in any database
_ATTEMPTS_TO_ADD = 10  # repeated only if the primary lead of the address came or went between two statements


@frozen
class PeeweeLeadRepository(LeadRepository):
    """See the port for its promises."""

    _executor: StatementExecutor
    _full_text: FullText

    def add(self, lead: Lead, assignment: Assignment = Assignment.NONE) -> None:
        if assignment is not Assignment.NONE:
            self._executor.hold_lock(_ASSIGNMENT_LOCK)
        primary_id = self._add_or_find(lead, assignment)
        if primary_id != lead.id:
            raise DuplicateLead(primary_id)
        self._enqueue_search_document(lead)
        if lead.created_at != lead.updated_at or lead.import_id is not None:
            self._executor.write(insert_change, created_at=lead.created_at)

    def add_all(self, leads: Sequence[Lead]) -> dict[str, str]:
        rows = [to_values(lead) for lead in leads]
        inserted = insert_rows(self._executor, statements.insert_unless_known, rows)
        identities = [str(row["identity"]) for row in rows]
        if inserted == len(rows):
            primary_ids = {identity: lead.id for identity, lead in zip(identities, leads, strict=True)}
        else:
            primary_ids = self._primary_ids(identities)
        for lead, identity in zip(leads, identities, strict=True):
            if identity not in primary_ids:  # a primary lead came and went between the two statements
                primary_ids[identity] = self._add_or_find(lead)
        ids = frozenset(primary_ids.values())
        stored = [lead for lead in leads if lead.id in ids]
        # FTS5 collects the terms of many documents only while their numbers grow.
        in_order = sorted(stored, key=attrgetter("created_at"))
        self._full_text.insert_all(self._executor, [to_search_values(lead) for lead in in_order])
        self._record_changes(stored)
        return primary_ids

    def _add_or_find(self, lead: Lead, assignment: Assignment = Assignment.NONE) -> str:
        """Store a lead without its search terms; return the id of the primary lead of its identity."""
        variant = (assignment, self._executor.dialect.lock_shared)
        for _ in range(_ATTEMPTS_TO_ADD):
            if self._executor.write_returning(statements.insert, *variant, **to_values(lead)) is not None:
                return lead.id
            primary = self._executor.row(statements.select_primary_id, identity=lead.identity)
            if primary is not None:
                return str(primary.id)
        raise _contended()

    def add_or_mark_duplicate(
        self, lead: Lead, assignment: Assignment = Assignment.NONE, max_waiting: int | None = None
    ) -> None:
        variant = (assignment, self._executor.dialect.lock_shared, max_waiting)
        full = (
            None
            if max_waiting is None
            else self._executor.limit(
                EnquiriesFull, statements.select_full_primary, max_waiting, identity=lead.identity
            )
        )
        if assignment is not Assignment.NONE:
            self._executor.enqueue_lock(_ASSIGNMENT_LOCK)
        self._executor.enqueue_limited_write(full, statements.insert_linked, *variant, **to_values(lead))
        self._enqueue_search_document(lead)
        self._executor.enqueue_optional_write(statements.count_enquiry_of, id=lead.id)
        self._executor.enqueue_optional_write(insert_change_of_primary, id=lead.id)

    def count_enquiries(self, primary_id: str, change: int) -> None:
        self._executor.write(statements.count_enquiries, id=primary_id, change=change)
        self._executor.write(insert_change_of, id=primary_id)

    def count_enquiry_quarantined(self, primary_id: str) -> None:
        self._executor.enqueue_optional_write(statements.count_enquiry_quarantined, id=primary_id)

    def get(self, lead_id: str) -> Lead:
        row = self._executor.row(statements.select_by_id, self._executor.lock_row, id=lead_id)
        if row is None:
            raise LeadNotFound(lead_id)
        return to_lead(row, self._executor.dialect.from_db_timestamp)

    def owners(self, lead_ids: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for values in _groups("id", sorted(lead_ids)):
            rows = self._executor.rows(statements.select_owners, _VALUES_PER_QUERY, **values)
            found |= {row.id: row.owner for row in rows}
        return found

    def names(self, lead_ids: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for values in _groups("id", sorted(lead_ids)):
            rows = self._executor.rows(statements.select_names, _VALUES_PER_QUERY, **values)
            found |= {row.id: full_name(row.first_name, row.last_name) for row in rows}
        return found

    def lock_links(self) -> None:
        self._executor.hold_lock(_LINKS_LOCK)

    def save(self, lead: Lead) -> None:
        values = to_values(lead)
        saved = self._executor.write_if_unique(statements.update, expected_version=lead.version - 1, **values)
        if saved is None:
            primary = self._executor.row(statements.select_primary_id, identity=lead.identity)
            raise DuplicateLead(primary.id) if primary else _contended()
        if not saved:
            raise VersionConflict(lead.id, self.get(lead.id).version)
        self._executor.write(self._full_text.update, **to_search_values(lead))
        self._executor.write(insert_change, created_at=lead.created_at)
        if lead.duplicate_of is not None:
            self._executor.write(insert_change_of, id=lead.duplicate_of)

    def set_hold(self, lead_id: str, reason: str | None) -> None:
        self._executor.write(statements.update_hold, id=lead_id, hold=reason)

    def erase(self, lead_id: str) -> None:
        self._executor.write(insert_erased, id=lead_id)
        erase_from_rollups(self._executor, lead_id)
        if not self._executor.erase(statements.delete, id=lead_id):
            raise LeadNotFound(lead_id)

    def imported(self, import_id: str, *, limit: int, after: Cursor | None = None) -> list[Lead]:
        rows = self._executor.rows(
            statements.select_imported,
            after is not None,
            self._executor.lock_row,
            import_id=import_id,
            at=after and after.at,
            id=after and after.id,
            limit=limit,
        )
        return [to_lead(row, self._executor.dialect.from_db_timestamp) for row in rows]

    def open_enquiries(self, primary_id: str, *, limit: int) -> list[Lead]:
        rows = self._executor.rows(
            statements.select_open_enquiries, self._executor.lock_row, primary_id=primary_id, limit=limit
        )
        return [to_lead(row, self._executor.dialect.from_db_timestamp) for row in rows]

    def save_states(self, leads: Sequence[Lead]) -> None:
        self._executor.write_many(statements.update_state, [to_values(lead) for lead in leads])
        self._record_changes(leads)

    def find_primary(self, identity: str) -> Lead | None:
        row = self._executor.row(statements.select_primary, identity=identity)
        return None if row is None else to_lead(row, self._executor.dialect.from_db_timestamp)

    def page(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[Lead]:
        rows = self._pages.rows(lead_filter, limit + 1, after, sort)
        decode = self._executor.dialect.from_db_timestamp
        return Page.cut([to_lead(row, decode) for row in rows], limit, sort.cursor)

    def payload(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[LeadPayload]:
        as_text = self._executor.dialect.timestamp_as_text
        rows = self._pages.rows(lead_filter, limit + 1, after, sort, as_text)
        return Page.cut(list(map(payload_from_row, rows)), limit, lambda one: cursor_after(one, sort))

    def count(self, lead_filter: LeadFilter, *, limit: int, sort: Sort = Sort.LATEST_CREATED) -> int:
        return self._pages.count(lead_filter, limit, sort)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        row = self._executor.row(statements.count_created, created_from=start, created_to=end)
        return int(row.leads) if row else 0

    def _primary_ids(self, identities: list[str]) -> dict[str, str]:
        """The ids of the primary leads of these identities."""
        found: dict[str, str] = {}
        for values in _groups("identity", identities):
            rows = self._executor.rows(statements.select_primary_ids, _VALUES_PER_QUERY, **values)
            found |= {row.identity: row.id for row in rows}
        return found

    def _record_changes(self, leads: Sequence[Lead]) -> None:
        times = dict.fromkeys(lead.created_at for lead in leads)
        insert_rows(self._executor, insert_changes, [{"created_at": time} for time in times])

    def _enqueue_search_document(self, lead: Lead) -> None:
        document = to_search_values(lead)
        for insertion in self._full_text.insertions:
            self._executor.enqueue_write(insertion, **document)

    @property
    def _pages(self) -> LeadPages:
        return LeadPages(self._executor, self._full_text)


def _groups(name: str, values: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield the values as parameters of statements that each take the same number of them."""
    for start in range(0, len(values), _VALUES_PER_QUERY):
        group = values[start : start + _VALUES_PER_QUERY]
        filled = (list(group) * _VALUES_PER_QUERY)[:_VALUES_PER_QUERY]  # so that one statement will do
        yield {f"{name}_{number}": value for number, value in enumerate(filled)}


def _contended() -> StorageUnavailable:
    return StorageUnavailable("other processes keep changing the primary lead of this address")
