"""Port: the stored history of leads."""

from collections.abc import Iterable
from typing import Protocol

from leadtracker.domain.model.leads.history import HistoryEntry


class LeadHistory(Protocol):
    """Stores history entries, append-only; erasure redacts them."""

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        """Append entries; concurrent appends are all kept."""
        ...

    def of(self, lead_id: str) -> list[HistoryEntry]:
        """Return the entries of a lead, also of an erased one, in the order of their appending."""
        ...

    def redact(self, lead_id: str) -> None:
        """Replace every entry of a lead by ``HistoryEntry.redacted()``."""
        ...
