"""The history of leads in memory."""

from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.ports.leads.lead_history import LeadHistory
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadHistory(LeadHistory):
    """An in-memory ``LeadHistory``; see the port for its promises."""

    _transaction: Transaction

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        history = self._transaction.for_writing().history
        for entry in entries:
            earlier = history.get(entry.lead_id, ())
            history[entry.lead_id] = (*earlier, evolve(entry, number=len(earlier) + 1))

    def begin(self, entry: HistoryEntry, lead_ids: Sequence[str]) -> None:
        self.append(evolve(entry, lead_id=lead_id) for lead_id in lead_ids)

    def append_to_primary(self, entry: HistoryEntry) -> None:
        leads = self._transaction.for_writing().leads
        primary = leads[entry.lead_id].duplicate_of
        if primary is not None:
            self.append([evolve(entry, lead_id=primary, version=leads[primary].version)])

    def of(self, lead_id: str) -> list[HistoryEntry]:
        return list(self._transaction.tables.history.get(lead_id, ()))

    def redact(self, lead_id: str) -> None:
        history = self._transaction.for_writing().history
        history[lead_id] = tuple(entry.redacted() for entry in history.get(lead_id, ()))
