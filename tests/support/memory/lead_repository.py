"""Leads in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import DuplicateLead, LeadNotFound, StaleLead
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import FactsPage, lead_facts
from leadtracker.domain.model.leads.lead_query import NEVER, Cursor, Duplicates, LeadFilter, LeadPage, Sort
from leadtracker.domain.model.leads.search import search_terms
from leadtracker.domain.ports.leads.lead_repository import LeadRepository
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadRepository(LeadRepository):
    """See the port for what it promises, except that pages take longer with more leads."""

    _transaction: Transaction

    def add(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        first = tables.first_leads.get(lead.email.key)
        if first is not None:
            raise DuplicateLead(first)
        self._store(lead)

    def add_or_link(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        self._store(evolve(lead, duplicate_of=tables.first_leads.get(lead.email.key)))

    def get(self, lead_id: str) -> Lead:
        lead = self._transaction.tables.leads.get(lead_id)
        if lead is None:
            raise LeadNotFound(lead_id)
        return lead

    def lock_links(self) -> None:
        self._transaction.for_writing()  # whoever writes is alone

    def save(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        before = self.get(lead.id)
        if before.version != lead.version - 1:
            raise StaleLead(lead.id, before.version)
        first = tables.first_leads.get(lead.email.key)
        if lead.duplicate_of is None and first not in {None, lead.id}:
            raise DuplicateLead(str(first))
        self._forget_address(before)
        self._put(lead)

    def erase(self, lead_id: str) -> None:
        tables = self._transaction.for_writing()
        self._forget_address(self.get(lead_id))
        del tables.leads[lead_id]

    def find_first(self, email_key: str) -> Lead | None:
        first = self._transaction.tables.first_leads.get(email_key)
        return None if first is None else self.get(first)

    def page(
        self,
        wanted: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPage:
        found = [lead for lead in self._transaction.tables.leads.values() if _meets(lead, wanted)]
        found.sort(key=lambda lead: _place(sort.cursor(lead)), reverse=sort.is_descending)
        if after is not None:
            found = [lead for lead in found if _is_behind(sort.cursor(lead), after, sort)]
        return LeadPage.cut(found, limit, sort)

    def facts(
        self,
        wanted: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> FactsPage:
        page = self.page(wanted, limit=limit, after=after, sort=sort)
        return FactsPage(tuple(map(lead_facts, page.leads)), page.next)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        leads = self._transaction.tables.leads.values()
        return sum(lead.duplicate_of is None and start <= lead.created_at < end for lead in leads)

    def _store(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        if lead.id in tables.leads:
            message = f"could not store lead {lead.id}: its id is taken"
            raise RuntimeError(message)
        self._put(lead)

    def _put(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        tables.leads[lead.id] = lead
        if lead.duplicate_of is None:
            tables.first_leads[lead.email.key] = lead.id

    def _forget_address(self, lead: Lead) -> None:
        if lead.duplicate_of is None:
            del self._transaction.for_writing().first_leads[lead.email.key]


def _place(cursor: Cursor) -> tuple[datetime, str]:
    return cursor.at, cursor.lead_id


def _is_behind(cursor: Cursor, other: Cursor, sort: Sort) -> bool:
    here, there = _place(cursor), _place(other)
    return here < there if sort.is_descending else here > there


def _meets(lead: Lead, wanted: LeadFilter) -> bool:
    return (
        (wanted.created_from is None or wanted.created_from <= lead.created_at)
        and (wanted.created_to is None or lead.created_at < wanted.created_to)
        and (not wanted.states or lead.state in wanted.states)
        and wanted.email_key in {None, lead.email.key}
        and wanted.source in {None, lead.source}
        and wanted.duplicate_of in {None, lead.duplicate_of}
        and (wanted.follow_up is None or wanted.follow_up.has(lead.follow_up_at or NEVER))
        and (wanted.search is None or wanted.search.finds(search_terms(lead)))
        and _is_wanted_kind(lead, wanted.duplicates)
    )


def _is_wanted_kind(lead: Lead, duplicates: Duplicates) -> bool:
    if duplicates is Duplicates.INCLUDE:
        return True
    return (lead.duplicate_of is None) is (duplicates is Duplicates.EXCLUDE)
