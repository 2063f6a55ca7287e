"""Port: consistency checks of stored data."""

from collections.abc import Iterator
from typing import Protocol

from leadtracker.domain.model.consistency import Invariant, LeadAudit


class ConsistencyChecks(Protocol):
    """Reads a store while other processes use it, in memory that does not grow with the number of leads."""

    def violations(self, invariant: Invariant) -> list[str]:
        """Return the first ids that violate an invariant; for ``integrity``, the database's own messages."""
        ...

    def lead_audits(self) -> Iterator[LeadAudit]:
        """Yield the history of every lead, erased leads included."""
        ...

    def leads_with_files(self) -> Iterator[str]:
        """Yield the ids of all leads with resume metadata or a stored resume."""
        ...
