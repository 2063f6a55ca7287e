"""Port: what looks like spam."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.quarantined_lead import Suspect, SuspectPage, SuspectPlace
from leadtracker.domain.model.intake.resume import ResumeFile


class Quarantine(Protocol):
    """Keeps suspects with their files until they are released, discarded or forgotten."""

    def add(self, suspect: Suspect, file: ResumeFile | None) -> None:
        """Keep a suspect, and the resume that came with it."""
        ...

    def get(self, suspect_id: str) -> Suspect:
        """The suspect with that id; in a unit of work that may write, nobody else removes it meanwhile.

        Raises:
            SuspectNotFound: there is none.
        """
        ...

    def file_of(self, suspect_id: str) -> ResumeFile | None:
        """The resume that came with a suspect, if there is one."""
        ...

    def page(self, *, limit: int, after: SuspectPlace | None = None) -> SuspectPage:
        """At most ``limit`` suspects, the latest first, beginning behind ``after``."""
        ...

    def of(self, email_key: str) -> list[Suspect]:
        """The suspects with an e-mail key, the oldest first."""
        ...

    def remove(self, suspect_id: str) -> None:
        """Remove a suspect for good.

        Raises:
            SuspectNotFound: there is none.
        """
        ...

    def forget(self, before: datetime) -> int:
        """Remove those that were received before an instant, and count them."""
        ...
