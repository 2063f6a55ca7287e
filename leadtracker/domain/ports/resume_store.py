"""Port: the files of resumes."""

from typing import Protocol

from leadtracker.domain.model.resume import ResumeFile


class ResumeStore(Protocol):
    """Keeps at most one resume for each lead, to the last bit."""

    def put(self, lead_id: str, file: ResumeFile) -> None:
        """Keep the resume of a stored lead in place of the one that was there."""
        ...

    def get(self, lead_id: str) -> ResumeFile | None:
        """The resume of a lead, if it has one."""
        ...

    def remove(self, lead_id: str) -> None:
        """Remove the resume of a lead, if it has one."""
        ...
