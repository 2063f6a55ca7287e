"""Port: what looks like spam."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.quarantined_lead import (
    QuarantineCursor,
    QuarantinedLead,
    QuarantinedLeadPage,
)
from leadtracker.domain.model.intake.resume import ResumeFile


class Quarantine(Protocol):
    """Keeps quarantined leads with their files until they are released, discarded or forgotten."""

    def add(self, quarantined_lead: QuarantinedLead, file: ResumeFile | None) -> None:
        """Keep a quarantined lead, and the resume that came with it."""
        ...

    def get(self, quarantined_lead_id: str) -> QuarantinedLead:
        """Return the quarantined lead with that id; a writing unit of work locks it against removal.

        Raises:
            QuarantinedLeadNotFound: there is none.
        """
        ...

    def file_of(self, quarantined_lead_id: str) -> ResumeFile | None:
        """The resume that came with a quarantined lead, if there is one."""
        ...

    def page(self, *, limit: int, after: QuarantineCursor | None = None) -> QuarantinedLeadPage:
        """At most ``limit`` quarantined leads, the latest first, beginning behind ``after``."""
        ...

    def of(self, email_key: str) -> list[QuarantinedLead]:
        """The quarantined leads with an e-mail key, the oldest first."""
        ...

    def remove(self, quarantined_lead_id: str) -> None:
        """Remove a quarantined lead for good.

        Raises:
            QuarantinedLeadNotFound: there is none.
        """
        ...

    def purge(self, before: datetime) -> int:
        """Remove those that were received before a timestamp, and count them."""
        ...
