"""Resumes in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.leads.resume import ResumeObject, StoredResume
from leadtracker.domain.ports.leads.resume_store import ResumeStore
from tests.support.memory.store import Transaction


@frozen
class MemoryResumeStore(ResumeStore):
    """An in-memory ``ResumeStore``; see the port for its promises."""

    _transaction: Transaction

    def put(self, lead_id: str, stored: StoredResume) -> str | None:
        tables = self._transaction.for_writing()
        if isinstance(stored, ResumeObject) and tables.orphan_objects.pop(stored.key, None) is None:
            raise ResumeStorageUnavailable("the resume took too long to come in")
        freed = self.remove(lead_id)
        tables.resumes[lead_id] = stored
        return freed

    def get(self, lead_id: str) -> StoredResume | None:
        return self._transaction.tables.resumes.get(lead_id)

    def remove(self, lead_id: str) -> str | None:
        tables = self._transaction.for_writing()
        removed = tables.resumes.pop(lead_id, None)
        if not isinstance(removed, ResumeObject):
            return None
        tables.orphan_objects[removed.key] = None
        return removed.key

    def reserve(self, key: str, until: datetime) -> None:
        self._transaction.for_writing().orphan_objects[key] = until

    def is_unreferenced(self, key: str) -> bool:
        return key in self._transaction.tables.orphan_objects

    def mark_for_deletion(self, key: str) -> bool:
        orphans = self._transaction.for_writing().orphan_objects
        is_unreferenced = key in orphans
        if is_unreferenced:
            orphans[key] = None
        return is_unreferenced

    def mark_expired_for_deletion(self, now: datetime) -> int:
        orphans = self._transaction.for_writing().orphan_objects
        expired = [key for key, until in orphans.items() if until is not None and until <= now]
        orphans.update(dict.fromkeys(expired))
        return len(expired)

    def marked_for_deletion(self, limit: int) -> list[str]:
        return [key for key, until in self._transaction.tables.orphan_objects.items() if until is None][
            :limit
        ]

    def delete_reservation(self, key: str) -> None:
        orphans = self._transaction.for_writing().orphan_objects
        if key in self.marked_for_deletion(len(orphans)):
            del orphans[key]
