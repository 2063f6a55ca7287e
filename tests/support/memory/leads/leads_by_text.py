"""The texts and the leads of a list in the order of a text, in memory."""

import sys
from collections.abc import Sequence

from attrs import frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload, lead_payload
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.text_order import LeadText, TextSort
from leadtracker.domain.ports.leads.leads_by_text import LeadsByText
from tests.support.memory.leads.lead_repository import MemoryLeadRepository
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadsByText(LeadsByText):
    """An in-memory ``LeadsByText``; see the port for its promises."""

    _transaction: Transaction

    def texts(self, lead_filter: LeadFilter, sort: TextSort, *, limit: int) -> list[LeadText]:
        matching = MemoryLeadRepository(self._transaction).page(lead_filter, limit=sys.maxsize).items
        attribute = "full_name" if sort.key == TextSort.NAME else sort.key
        return [LeadText(one.id, one.created_at, getattr(one, attribute)) for one in matching[:limit]]

    def leads(self, lead_ids: Sequence[str]) -> list[Lead]:
        stored, repository = self._transaction.tables.leads, MemoryLeadRepository(self._transaction)
        return [repository.get(lead_id) for lead_id in lead_ids if lead_id in stored]

    def payload(self, lead_ids: Sequence[str]) -> list[LeadPayload]:
        return [lead_payload(lead) for lead in self.leads(lead_ids)]
