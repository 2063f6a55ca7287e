"""Invariants of stored data, which must hold after any crash."""

from enum import StrEnum
from itertools import pairwise

from attrs import frozen

from leadtracker.domain.model.leads.history import Action, HistoryEntry
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS, LeadState


class Invariant(StrEnum):
    """The invariants, by the names that ``leadtracker doctor`` prints."""

    LEADS = "leads"
    ENQUEUED = "enqueued"
    ATTEMPTS = "attempts"
    RESUMES = "resumes"
    LEDGER = "ledger"
    SEALED = "sealed"
    HISTORY = "history"
    INTEGRITY = "integrity"
    DUPLICATES = "duplicates"
    AUDIT_LOG = "audit_log"
    SECOND_FACTORS = "second_factors"
    STATISTICS = "statistics"

    @property
    def meaning(self) -> str:
        """The invariant as a sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    Invariant.LEADS: "every acknowledged lead exists once",
    Invariant.ENQUEUED: "every captured lead has its deliveries",
    Invariant.ATTEMPTS: "everything sent has an attempt that delivered it",
    Invariant.RESUMES: "every resume and attachment is stored with its size and hash",
    Invariant.LEDGER: "every closed week has its report, without a gap",
    Invariant.SEALED: "every sealed number is the number of the leads stored for its explanation",
    Invariant.HISTORY: "every history has gapless versions and allowed transitions",
    Invariant.INTEGRITY: "the database passes its own integrity check",
    Invariant.DUPLICATES: "an address has one primary lead, which counts its duplicates, which have none",
    Invariant.AUDIT_LOG: "no entry of the audit log is missing",
    Invariant.SECOND_FACTORS: "every second factor can be read with the secret key",
    Invariant.STATISTICS: "every stored count of a day or week is that of its leads",
}


@frozen(kw_only=True)
class LeadAudit:
    """The history of one lead, and its stored version and state; both None for an erased lead.

    Attributes:
        entries: the oldest first; at least one.
    """

    lead_id: str
    entries: tuple[HistoryEntry, ...]
    version: int | None
    state: LeadState | None

    @property
    def is_consistent(self) -> bool:
        """True if versions have no gaps, all transitions are allowed, and both end at the stored values."""
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
            # That a lead without an erasure is missing is reported by the check ``leads``.
            return reached is not None
        return self.entries[-1].version == self.version and reached in {self.state, _ANY}

    def _state_reached(self) -> str | None:
        """Return the state after all transitions; None if one is not allowed."""
        first = self.entries[0]
        state: str = LeadState.PENDING if first.action is Action.CREATED else _ANY
        for change in (
            change for entry in self.entries for change in entry.changes if change.field == "state"
        ):
            before, after = LeadState(change.before or ""), LeadState(change.after or "")
            if state not in {before, _ANY} or after not in ALLOWED_TRANSITIONS[before]:
                return None
            state = after
        return state


_ANY = "any state"
