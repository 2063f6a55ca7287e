"""Consistency checks in memory."""

from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.consistency import Invariant, LeadAudit
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.ports.consistency_checks import ConsistencyChecks
from tests.support.memory.store import MemoryStore, Tables


@frozen
class MemoryConsistencyChecks(ConsistencyChecks):
    """An in-memory ``ConsistencyChecks``, whose integrity check always passes."""

    _store: MemoryStore

    def violations(self, invariant: Invariant) -> list[str]:
        find = {
            Invariant.LEADS: _lost_leads,
            Invariant.ENQUEUED: _silent_leads,
            Invariant.ATTEMPTS: _sent_without_success,
            Invariant.SEALED: _miscounted_weeks,
            Invariant.DUPLICATES: _wrong_duplicates,
        }.get(invariant)
        return sorted(find(self._store.committed)) if find else []

    def lead_audits(self) -> Iterator[LeadAudit]:
        tables = self._store.committed
        for lead_id, entries in tables.history.items():
            lead = tables.leads.get(lead_id)
            version, state = (lead.version, lead.state) if lead else (None, None)
            yield LeadAudit(lead_id=lead_id, entries=entries, version=version, state=state)

    def leads_with_files(self) -> Iterator[str]:
        tables = self._store.committed
        claimed = {lead.id for lead in tables.leads.values() if lead.files}
        yield from sorted(claimed | {lead_id for lead_id, _ in tables.files})


def _actions(tables: Tables, lead_id: str) -> list[Action]:
    return [entry.action for entry in tables.history.get(lead_id, ())]


def _lost_leads(tables: Tables) -> Iterator[str]:
    yield from (lead_id for lead_id in tables.leads if not _actions(tables, lead_id))
    for lead_id in tables.history.keys() - tables.leads.keys():
        if Action.ERASED not in _actions(tables, lead_id):
            yield lead_id


def _silent_leads(tables: Tables) -> Iterator[str]:
    kind = DeliveryKind.ACKNOWLEDGEMENT
    acknowledged = {delivery.lead_id for delivery in tables.deliveries.values() if delivery.kind is kind}
    for lead_id in tables.leads.keys() - acknowledged:
        # An address that a user added later was never acknowledged.
        changes = [change for entry in tables.history.get(lead_id, ()) for change in entry.changes]
        was_added = any(change.field == "email" and change.before is None for change in changes)
        is_silent = tables.leads[lead_id].email and not was_added
        if is_silent and Action.CREATED in _actions(tables, lead_id):
            yield lead_id


def _sent_without_success(tables: Tables) -> Iterator[str]:
    for key, delivery in tables.deliveries.items():
        if delivery.state is DeliveryState.SENT and not delivery.has(Outcome.DELIVERED):
            yield key
    for key, report in tables.reports.items():
        if report.state is ReportState.DELIVERED and not report.has(Outcome.DELIVERED):
            yield key


def _miscounted_weeks(tables: Tables) -> Iterator[str]:
    for week, report in tables.reports.items():
        counted = [lead for lead in tables.sealed_leads.get(week, ()) if lead.reason is None]
        if report.number_of_leads != len(counted):
            yield week


def _wrong_duplicates(tables: Tables) -> Iterator[str]:
    numbers_of_primary = Counter(lead.identity for lead in tables.leads.values() if lead.duplicate_of is None)
    enquiries = Counter(lead.duplicate_of for lead in tables.leads.values())
    for lead in tables.leads.values():
        primary = tables.leads.get(lead.duplicate_of or "")
        is_second = lead.duplicate_of is None and numbers_of_primary[lead.identity] > 1
        if (primary and primary.duplicate_of) or is_second or lead.enquiries != enquiries[lead.id]:
            yield lead.id
