"""Port: stored follow-ups."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange


class FollowUpRepository(Protocol):
    """Stores scheduled and completed follow-ups; callers lock the lead, which has at most one open one."""

    def save(self, follow_up: FollowUp) -> None:
        """Store a new or changed follow-up; ``reminded_at`` keeps the value of ``claim_unreminded``."""
        ...

    def find_open(self, lead_id: str) -> FollowUp | None:
        """Return the lead's open follow-up; None if there is none."""
        ...

    def of(self, lead_id: str) -> list[FollowUp]:
        """Return all follow-ups of a lead, the oldest first."""
        ...

    def claim_unreminded(self, now: datetime, *, limit: int) -> list[FollowUp]:
        """Set ``reminded_at`` of open follow-ups that are due and have no reminder yet, and return them.

        Concurrent callers get different follow-ups: rows that other units of work have locked are skipped.

        Args:
            now: the current time, by which they are due.
            limit: the maximum number; those that have been due the longest come first.
        """
        ...

    def remove(self, follow_up_id: str) -> None:
        """Delete a follow-up; do nothing if there is none."""
        ...

    def erase(self, lead_id: str) -> None:
        """Delete all follow-ups of a lead."""
        ...

    def open_page(self, due: TimeRange, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        """Return at most ``limit`` open follow-ups that are due within a time range, the earliest first."""
        ...

    def done_page(self, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        """Return at most ``limit`` completed follow-ups, the latest first."""
        ...
