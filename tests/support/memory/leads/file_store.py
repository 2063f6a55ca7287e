"""Files of leads in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.leads.lead_file import RESUME_ID, FileObject, StoredFile
from leadtracker.domain.ports.leads.file_store import FileStore
from tests.support.memory.store import Transaction


@frozen
class MemoryFileStore(FileStore):
    """An in-memory ``FileStore``; see the port for its promises."""

    _transaction: Transaction

    def put(self, lead_id: str, stored: StoredFile, file_id: str = RESUME_ID) -> str | None:
        tables = self._transaction.for_writing()
        if isinstance(stored, FileObject) and tables.orphan_objects.pop(stored.key, None) is None:
            raise ResumeStorageUnavailable("the file took too long to come in")
        freed = self._remove(lead_id, file_id)
        tables.files[lead_id, file_id] = stored
        return freed

    def get(self, lead_id: str, file_id: str = RESUME_ID) -> StoredFile | None:
        return self._transaction.tables.files.get((lead_id, file_id))

    def ids_of(self, lead_id: str) -> list[str]:
        return sorted(file_id for owner, file_id in self._transaction.tables.files if owner == lead_id)

    def remove_all(self, lead_id: str) -> list[str]:
        self._transaction.for_writing()
        freed = [self._remove(lead_id, file_id) for file_id in self.ids_of(lead_id)]
        return [key for key in freed if key is not None]

    def _remove(self, lead_id: str, file_id: str) -> str | None:
        tables = self._transaction.for_writing()
        removed = tables.files.pop((lead_id, file_id), None)
        if not isinstance(removed, FileObject):
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
