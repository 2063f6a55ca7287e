"""The last activity of leads in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.retention import NO_ACTIVITY, InactiveLead
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.leads.lead_activity import LeadActivity
from tests.support.memory.leads.lead_repository import with_last_touch
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadActivity(LeadActivity):
    """An in-memory ``LeadActivity``, whose time grows with the number of leads."""

    _transaction: Transaction

    def inactive(
        self, state: LeadState, before: datetime, *, limit: int, after: Cursor | None = None
    ) -> list[InactiveLead]:
        found = [
            InactiveLead(with_last_touch(lead, self._transaction), last)
            for lead in self._transaction.tables.leads.values()
            if lead.state is state and lead.duplicate_of is None and not self._is_held(lead)
            if (last := self.last(lead.id)) is not None and last < before
        ]
        found.sort(key=lambda one: (one.lead.updated_at, one.lead.id))
        start = (after.at, after.id) if after else None
        return [one for one in found if start is None or (one.lead.updated_at, one.lead.id) > start][:limit]

    def count(self, state: LeadState, before: datetime, *, limit: int) -> int:
        return len(self.inactive(state, before, limit=limit))

    def last(self, lead_id: str) -> datetime | None:
        return max((time for lead in self._of_person(lead_id) for time in self._times(lead)), default=None)

    def _is_held(self, lead: Lead) -> bool:
        return any(one.hold is not None for one in self._of_person(lead.id))

    def _of_person(self, lead_id: str) -> list[Lead]:
        leads = self._transaction.tables.leads.values()
        return [lead for lead in leads if lead_id in {lead.id, lead.duplicate_of}]

    def _times(self, lead: Lead) -> list[datetime]:
        entries = self._transaction.tables.history.get(lead.id, ())
        entered = [entry.at for entry in entries if entry.action not in NO_ACTIVITY]
        planned = [lead.follow_up_at] if lead.follow_up_at else []
        return [lead.updated_at, *planned, *entered]
