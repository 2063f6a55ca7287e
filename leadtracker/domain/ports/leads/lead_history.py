"""Port: the stored history of leads."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from leadtracker.domain.model.leads.history import HistoryEntry


class LeadHistory(Protocol):
    """Stores history entries, append-only; erasure redacts them."""

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        """Append entries; concurrent appends are all kept."""
        ...

    def begin(self, entry: HistoryEntry, lead_ids: Sequence[str]) -> None:
        """Append the same first entry to each of several leads that were added in this unit of work."""
        ...

    def append_to_primary(self, entry: HistoryEntry) -> None:
        """Append an entry to the history of the primary lead of the lead ``entry.lead_id``.

        Nothing happens if that lead is no duplicate. The version of the entry is replaced by that of the
        primary lead. The lead must have been stored by ``LeadRepository.add_or_mark_duplicate`` in the same
        unit of work.
        """
        ...

    def of(self, lead_id: str) -> list[HistoryEntry]:
        """Return the entries of a lead, also of an erased one, in the order of their appending.

        Their ``number`` is their position, from 1.
        """
        ...

    def redact(self, lead_id: str) -> None:
        """Replace every entry of a lead by ``HistoryEntry.redacted()``."""
        ...
