"""Port: what happened to each lead."""

from collections.abc import Iterable
from typing import Protocol

from leadtracker.domain.model.leads.history import HistoryEntry


class LeadHistory(Protocol):
    """Keeps the history of leads; what was written is changed only by erasure."""

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        """Add entries behind those that are there."""
        ...

    def of(self, lead_id: str) -> list[HistoryEntry]:
        """The entries of a lead in the order in which they were added; also those of an erased one."""
        ...

    def redact(self, lead_id: str) -> None:
        """Replace every entry of a lead by what ``HistoryEntry.redacted`` leaves of it."""
        ...
