"""Files of resumes in memory."""

from attrs import frozen

from leadtracker.adapters.memory.store import Session
from leadtracker.domain.model.resume import ResumeFile
from leadtracker.domain.ports.resume_store import ResumeStore


@frozen
class MemoryResumeStore(ResumeStore):
    """See the port for what it promises."""

    _session: Session

    def put(self, lead_id: str, file: ResumeFile) -> None:
        self._session.for_writing().resumes[lead_id] = file

    def get(self, lead_id: str) -> ResumeFile | None:
        return self._session.tables.resumes.get(lead_id)

    def remove(self, lead_id: str) -> None:
        self._session.for_writing().resumes.pop(lead_id, None)
