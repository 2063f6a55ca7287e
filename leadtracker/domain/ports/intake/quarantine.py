"""Port: stored quarantined leads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.lead_file import LeadFile
from leadtracker.domain.model.values.paging import Cursor, Page


class Quarantine(Protocol):
    """Stores quarantined leads with their files until they are released, deleted or purged."""

    def add(self, quarantined_lead: QuarantinedLead, files: Sequence[LeadFile]) -> None:
        """Store a quarantined lead and its files: the resume, if it has one, then the attachments."""
        ...

    def get(self, quarantined_lead_id: str) -> QuarantinedLead:
        """Return the quarantined lead with that id; a writing unit of work locks it against removal.

        Raises:
            QuarantinedLeadNotFound: no quarantined lead has that id.
        """
        ...

    def files_of(self, quarantined_lead_id: str) -> Mapping[str, LeadFile]:
        """Return the files of a quarantined lead by their ids."""
        ...

    def page(
        self,
        *,
        limit: int,
        after: Cursor | None = None,
        reason: QuarantineReason | None = None,
    ) -> Page[QuarantinedLead]:
        """Return at most ``limit`` quarantined leads after the cursor ``after``, the latest first.

        A ``reason`` selects those that are quarantined for it.
        """
        ...

    def of(self, identity: str, *, limit: int | None = None) -> list[QuarantinedLead]:
        """Return the quarantined leads with an identity, the oldest first; all, or at most ``limit``."""
        ...

    def count(self, *, limit: int) -> int:
        """Return the number of quarantined leads, at most ``limit``."""
        ...

    def remove(self, quarantined_lead_id: str) -> None:
        """Delete a quarantined lead permanently.

        Raises:
            QuarantinedLeadNotFound: no quarantined lead has that id.
        """
        ...

    def purge(self, before: datetime) -> int:
        """Delete the quarantined leads received before a timestamp; return their number."""
        ...
