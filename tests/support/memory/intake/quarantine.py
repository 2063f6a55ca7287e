"""Quarantined leads in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import QuarantinedLeadNotFound
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.lead_file import LeadFile
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.intake.quarantine import Quarantine
from tests.support.memory.store import Transaction


@frozen
class MemoryQuarantine(Quarantine):
    """An in-memory ``Quarantine``; see the port for its promises."""

    _transaction: Transaction

    def add(self, quarantined_lead: QuarantinedLead, files: Sequence[LeadFile]) -> None:
        by_id = dict(zip(quarantined_lead.lead.files, files, strict=True))
        self._transaction.for_writing().quarantined_leads[quarantined_lead.id] = quarantined_lead, by_id

    def get(self, quarantined_lead_id: str) -> QuarantinedLead:
        quarantined_lead, _ = self._find(quarantined_lead_id)
        return quarantined_lead

    def files_of(self, quarantined_lead_id: str) -> Mapping[str, LeadFile]:
        found = self._transaction.tables.quarantined_leads.get(quarantined_lead_id)
        return found[1] if found else {}

    def page(
        self,
        *,
        limit: int,
        after: Cursor | None = None,
        reason: QuarantineReason | None = None,
    ) -> Page[QuarantinedLead]:
        found = [
            quarantined_lead
            for quarantined_lead in self._all()
            if reason in {None, quarantined_lead.reason}
            and (after is None or _sort_key(quarantined_lead) < (after.at, after.id))
        ]
        return Page.cut(found[::-1], limit, lambda one: one.cursor)

    def of(self, identity: str, *, limit: int | None = None) -> list[QuarantinedLead]:
        return [one for one in self._all() if one.lead.identity == identity][:limit]

    def count(self, *, limit: int) -> int:
        return min(limit, len(self._all()))

    def remove(self, quarantined_lead_id: str) -> None:
        self._find(quarantined_lead_id)
        del self._transaction.for_writing().quarantined_leads[quarantined_lead_id]

    def purge(self, before: datetime) -> int:
        old = [quarantined_lead for quarantined_lead in self._all() if quarantined_lead.received_at < before]
        for quarantined_lead in old:
            self.remove(quarantined_lead.id)
        return len(old)

    def _find(self, quarantined_lead_id: str) -> tuple[QuarantinedLead, Mapping[str, LeadFile]]:
        found = self._transaction.tables.quarantined_leads.get(quarantined_lead_id)
        if found is None:
            raise QuarantinedLeadNotFound(quarantined_lead_id)
        return found

    def _all(self) -> list[QuarantinedLead]:
        return sorted(
            (quarantined_lead for quarantined_lead, _ in self._transaction.tables.quarantined_leads.values()),
            key=_sort_key,
        )


def _sort_key(quarantined_lead: QuarantinedLead) -> tuple[datetime, str]:
    return quarantined_lead.received_at, quarantined_lead.id
