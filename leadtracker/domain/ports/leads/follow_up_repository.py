"""Port: the follow-ups, planned and done."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.follow_up import FollowUp, FollowUpCursor, FollowUpPage
from leadtracker.domain.model.time_range import TimeRange


class FollowUpRepository(Protocol):
    """Stores follow-ups. Within a lead's own lock, at most one follow-up of it is open."""

    def save(self, follow_up: FollowUp) -> None:
        """Store a follow-up, new or changed; what was noted by ``claim_unreminded`` stays as it is."""
        ...

    def find_open(self, lead_id: str) -> FollowUp | None:
        """The lead's next follow-up, if there is one."""
        ...

    def of(self, lead_id: str) -> list[FollowUp]:
        """All follow-ups of a lead, the oldest first."""
        ...

    def claim_unreminded(self, now: datetime, *, limit: int) -> list[FollowUp]:
        """Note that at most ``limit`` open follow-ups, due at ``now``, are reminded of now, and return these.

        They are those that have been due the longest and that no committed unit of work has got before; any
        number may ask at once, and pass over those that others are about to change.
        """
        ...

    def remove(self, follow_up_id: str) -> None:
        """Forget a follow-up; it is fine if there is none."""
        ...

    def erase(self, lead_id: str) -> None:
        """Forget all follow-ups of a lead."""
        ...

    def open_page(self, due: TimeRange, *, limit: int, after: FollowUpCursor | None = None) -> FollowUpPage:
        """At most ``limit`` open follow-ups that are due within a span, the next one first."""
        ...

    def done_page(self, *, limit: int, after: FollowUpCursor | None = None) -> FollowUpPage:
        """At most ``limit`` follow-ups that are done, the latest first."""
        ...
