"""Files of resumes in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.intake.resume import KeptResume, ResumeObject
from leadtracker.domain.ports.leads.resume_store import ResumeStore
from tests.support.memory.store import Session


@frozen
class MemoryResumeStore(ResumeStore):
    """See the port for what it promises."""

    _session: Session

    def put(self, lead_id: str, kept: KeptResume) -> str | None:
        tables = self._session.for_writing()
        if isinstance(kept, ResumeObject) and tables.loose_objects.pop(kept.key, None) is None:
            raise ResumeStorageUnavailable("the resume took too long to come in")
        freed = self.remove(lead_id)
        tables.resumes[lead_id] = kept
        return freed

    def get(self, lead_id: str) -> KeptResume | None:
        return self._session.tables.resumes.get(lead_id)

    def remove(self, lead_id: str) -> str | None:
        tables = self._session.for_writing()
        removed = tables.resumes.pop(lead_id, None)
        if not isinstance(removed, ResumeObject):
            return None
        tables.loose_objects[removed.key] = None
        return removed.key

    def announce(self, key: str, until: datetime) -> None:
        self._session.for_writing().loose_objects[key] = until

    def is_loose(self, key: str) -> bool:
        return key in self._session.tables.loose_objects

    def condemn(self, key: str) -> bool:
        loose = self._session.for_writing().loose_objects
        is_loose = key in loose
        if is_loose:
            loose[key] = None
        return is_loose

    def condemn_expired(self, now: datetime) -> int:
        loose = self._session.for_writing().loose_objects
        expired = [key for key, until in loose.items() if until is not None and until <= now]
        loose.update(dict.fromkeys(expired))
        return len(expired)

    def condemned(self, limit: int) -> list[str]:
        return [key for key, until in self._session.tables.loose_objects.items() if until is None][:limit]

    def forget(self, key: str) -> None:
        loose = self._session.for_writing().loose_objects
        if key in self.condemned(len(loose)):
            del loose[key]
