"""The explanation of a sealed number: the leads that it counts, and those of the week that it does not."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from attrs import evolve, frozen

from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.values.paging import Cursor


class Exclusion(StrEnum):
    """The reasons why a sealed number does not count a lead that was created in its week."""

    REPEAT = "repeat"
    """It was a repeat enquiry of a known person when the week was sealed."""
    QUARANTINED = "quarantined"
    """It was in quarantine when the week was sealed."""
    ERASED = "erased_before"
    """It was erased before the week was sealed."""
    ADDED_LATER = "imported_after_sealing"
    """It was imported, or entered with an earlier time, after the week was sealed."""


class SealedLead(NamedTuple):
    """A lead of a sealed week; an erased one is an id without a person. A tuple, because there are many.

    Attributes:
        reason: why the number does not count it; None if it does.
        erased: true if the lead is no longer stored.
    """

    id: str
    created_at: datetime
    reason: Exclusion | None = None
    erased: bool = False

    @property
    def cursor(self) -> Cursor:
        """The position of the next page after this lead."""
        return Cursor(self.created_at, self.id)


@frozen(kw_only=True)
class Difference:
    """The changes since a week was sealed.

    Attributes:
        today: the number that the week would be sealed with now.
        erased: counted leads that were erased since.
        linked: counted leads that have become repeat enquiries since.
        unlinked: repeat enquiries that have become primary leads since.
        released: leads that were released from quarantine since.
        added: leads that were imported, or entered with an earlier time, since.
    """

    today: int
    erased: int = 0
    linked: int = 0
    unlinked: int = 0
    released: int = 0
    added: int = 0

    @classmethod
    def between(cls, sealed: int, today: int, **known: int) -> "Difference":
        """Return the difference between two numbers; what the ``known`` changes leave open was added."""
        difference = cls(today=today, **known)
        return evolve(difference, added=today - sealed - difference.change)

    @property
    def change(self) -> int:
        """The number of today without the sealed one."""
        gained = self.unlinked + self.released + self.added
        return gained - self.erased - self.linked


@frozen(kw_only=True)
class Explanation:
    """A sealed number with its leads, oldest first, or with one page of them.

    Attributes:
        linked: of a page, the ids of the counted leads that have become repeat enquiries since.
        next_counted: the cursor of the next page of counted leads; None at the end.
        next_excluded: the same of the excluded leads.
    """

    report: WeeklyReport
    difference: Difference
    counted: tuple[SealedLead, ...]
    excluded: tuple[SealedLead, ...]
    linked: frozenset[str] = frozenset()
    next_counted: Cursor | None = None
    next_excluded: Cursor | None = None
