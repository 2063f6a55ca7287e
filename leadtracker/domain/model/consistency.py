"""What must be true of everything that is stored, whatever happened to the machine."""

from enum import StrEnum
from itertools import pairwise

from attrs import frozen

from leadtracker.domain.model.leads.history import Action, HistoryEntry
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS, LeadState

MIGRATION = "migration"
"""The actor of first entries that a migration wrote for leads from before there was a history."""


class Invariant(StrEnum):
    """The invariants, by the names under which they are told."""

    LEADS = "leads"
    ENQUEUED = "enqueued"
    ATTEMPTS = "attempts"
    RESUMES = "resumes"
    LEDGER = "ledger"
    HISTORY = "history"
    INTEGRITY = "integrity"
    DUPLICATES = "duplicates"

    @property
    def meaning(self) -> str:
        """The invariant in words."""
        return _MEANINGS[self]


_MEANINGS = {
    Invariant.LEADS: "every lead that was acknowledged exists once",
    Invariant.ENQUEUED: "every captured lead has its outbox rows",
    Invariant.ATTEMPTS: "nothing is sent without an attempt that delivered it",
    Invariant.RESUMES: "every resume is there, with its size and hash",
    Invariant.LEDGER: "every closed week has its row, without a gap",
    Invariant.HISTORY: "every history is gapless in version and legal in transitions",
    Invariant.INTEGRITY: "the database is sound",
    Invariant.DUPLICATES: "an address has one primary lead, and no duplicate has duplicates",
}


@frozen(kw_only=True)
class LeadAudit:
    """The history of one lead beside what is stored of it; None if it is stored no more.

    Attributes:
        entries: from the first on; at least one.
    """

    lead_id: str
    entries: tuple[HistoryEntry, ...]
    version: int | None
    state: LeadState | None

    @property
    def is_consistent(self) -> bool:
        """Whether versions follow each other, moves are legal, and both lead to what is stored."""
        return self._starts_with_creation() and self._has_gapless_versions() and self._matches_stored_lead()

    def _starts_with_creation(self) -> bool:
        first, *rest = self.entries
        beginnings = {Action.CREATED, Action.IMPORTED}
        return first.action in beginnings and not any(entry.action in beginnings for entry in rest)

    def _has_gapless_versions(self) -> bool:
        versions = [entry.version for entry in self.entries]
        return all(after - before in {0, 1} for before, after in pairwise(versions))

    def _matches_stored_lead(self) -> bool:
        reached = self._state_reached()
        if self.version is None or reached is None:
            return (
                reached is not None
            )  # only an erased lead may be gone; of others the check ``leads`` reports
        return self.entries[-1].version == self.version and reached in {self.state, _ANY}

    def _state_reached(self) -> str | None:
        """The state to which the moves lead; None if they cannot follow each other."""
        first = self.entries[0]
        is_known = first.action is Action.CREATED and first.actor != MIGRATION
        state: str = LeadState.PENDING if is_known else _ANY
        for change in (
            change for entry in self.entries for change in entry.changes if change.field == "state"
        ):
            before, after = LeadState(change.before or ""), LeadState(change.after or "")
            if state not in {before, _ANY} or after not in ALLOWED_TRANSITIONS[before]:
                return None
            state = after
        return state


_ANY = "any state"
