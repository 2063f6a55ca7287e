"""The audit log in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.accounts.audit_entry import AuditEntry, AuditFilter, AuditRecord
from leadtracker.domain.ports.accounts.audit_log import AuditLog
from tests.support.memory.store import Transaction


@frozen
class MemoryAuditLog(AuditLog):
    """An in-memory ``AuditLog``; see the port for its promises."""

    _transaction: Transaction

    def append(self, record: AuditRecord) -> None:
        tables = self._transaction.for_writing()
        tables.audit_number += 1
        tables.audit_entries += (AuditEntry(tables.audit_number, record),)

    def page(self, audit_filter: AuditFilter, *, limit: int, before: int | None = None) -> list[AuditEntry]:
        found = [
            entry
            for entry in reversed(self._transaction.tables.audit_entries)
            if (before is None or entry.number < before) and _matches(entry.record, audit_filter)
        ]
        return found[:limit]

    def purge(self, before: datetime) -> int:
        tables = self._transaction.for_writing()
        entries = tables.audit_entries
        kept = [entry.number for entry in entries if entry.record.at >= before]
        first = kept[0] if kept else tables.audit_number
        tables.audit_entries = tuple(entry for entry in entries if entry.number >= first)
        return len(entries) - len(tables.audit_entries)

    def gaps(self) -> list[str]:
        return []  # entries in memory cannot be removed behind the log's back


def _matches(record: AuditRecord, audit_filter: AuditFilter) -> bool:
    return (
        audit_filter.actor in {None, record.actor}
        and audit_filter.action in {None, record.action}
        and (audit_filter.start is None or record.at >= audit_filter.start)
        and (audit_filter.end is None or record.at < audit_filter.end)
    )
