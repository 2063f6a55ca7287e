"""Leads in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.adapters.memory.store import Session
from leadtracker.domain.errors import DuplicateLead, LeadNotFound
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.lead_query import Cursor, Duplicates, LeadFilter, LeadPage, Order
from leadtracker.domain.ports.lead_repository import LeadRepository


@frozen
class MemoryLeadRepository(LeadRepository):
    """See the port for what it promises, except that pages take longer with more leads."""

    _session: Session

    def add(self, lead: Lead) -> None:
        tables = self._session.for_writing()
        first = tables.first_leads.get(lead.email.key)
        if first is not None:
            raise DuplicateLead(first)
        self._store(lead)

    def add_or_link(self, lead: Lead) -> Lead:
        tables = self._session.for_writing()
        linked = evolve(lead, duplicate_of=tables.first_leads.get(lead.email.key))
        self._store(linked)
        return linked

    def get(self, lead_id: str) -> Lead:
        lead = self._session.tables.leads.get(lead_id)
        if lead is None:
            raise LeadNotFound(lead_id)
        return lead

    def page(
        self,
        wanted: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        order: Order = Order.NEWEST_FIRST,
    ) -> LeadPage:
        newest_first = order is Order.NEWEST_FIRST
        leads = sorted(self._session.tables.leads.values(), key=_place, reverse=newest_first)
        found = [
            lead
            for lead in leads
            if _meets(lead, wanted) and (after is None or _is_behind(lead, after, order))
        ]
        return LeadPage.cut(found, limit)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        leads = self._session.tables.leads.values()
        return sum(lead.duplicate_of is None and start <= lead.created_at < end for lead in leads)

    def _store(self, lead: Lead) -> None:
        tables = self._session.for_writing()
        if lead.id in tables.leads:
            message = f"could not store lead {lead.id}: its id is taken"
            raise RuntimeError(message)
        tables.leads[lead.id] = lead
        if lead.duplicate_of is None:
            tables.first_leads[lead.email.key] = lead.id


def _place(lead: Lead) -> tuple[datetime, str]:
    return lead.created_at, lead.id


def _is_behind(lead: Lead, cursor: Cursor, order: Order) -> bool:
    there = (cursor.created_at, cursor.lead_id)
    return _place(lead) < there if order is Order.NEWEST_FIRST else _place(lead) > there


def _meets(lead: Lead, wanted: LeadFilter) -> bool:
    return (
        (wanted.created_from is None or wanted.created_from <= lead.created_at)
        and (wanted.created_to is None or lead.created_at < wanted.created_to)
        and (not wanted.states or lead.state in wanted.states)
        and wanted.email_key in {None, lead.email.key}
        and wanted.source in {None, lead.source}
        and _is_wanted_kind(lead, wanted.duplicates)
    )


def _is_wanted_kind(lead: Lead, duplicates: Duplicates) -> bool:
    if duplicates is Duplicates.INCLUDE:
        return True
    return (lead.duplicate_of is None) is (duplicates is Duplicates.EXCLUDE)
