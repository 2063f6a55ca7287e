"""Port: looking at everything that is stored, to find what must not be."""

from collections.abc import Iterator
from typing import Protocol

from leadtracker.domain.model.consistency import Invariant, LeadAudit


class ConsistencyChecks(Protocol):
    """Looks at a store while others work with it; needs no more memory for many leads than for few."""

    def violations(self, invariant: Invariant) -> list[str]:
        """The first few ids that violate an invariant; of ``integrity``, the errors in the store's words."""
        ...

    def lead_audits(self) -> Iterator[LeadAudit]:
        """The history of each lead, of those that were erased, too."""
        ...

    def leads_with_resumes(self) -> Iterator[str]:
        """The ids of all leads that say they have a resume or for which a file is kept."""
        ...
