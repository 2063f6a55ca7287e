"""Follow-ups: what the staff want to do, or have done, about a lead."""

from datetime import datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.model.timestamps import check_utc


class FollowUpStatus(StrEnum):
    """How things stand with a follow-up; one that is due today can be overdue or still planned."""

    OVERDUE = "overdue"
    DUE = "due"
    PLANNED = "planned"
    DONE = "done"


@frozen(kw_only=True)
class FollowUp:
    """One follow-up. A lead has at most one that is open, the next one.

    Attributes:
        due_at: when it should happen; None if it was not planned but simply done.
        note: what the staff want to remember.
        message: what the prospect is told by mail.
        created_by: the name of the actor who recorded it.
        done_at: when it was done; None while it is open.
        reminded_at: when its reminder was enqueued; None before.
    """

    id: str
    lead_id: str
    due_at: datetime | None = field(default=None, validator=check_utc)
    note: str | None = None
    message: str | None = None
    created_at: datetime = field(validator=check_utc)
    created_by: str
    done_at: datetime | None = field(default=None, validator=check_utc)
    reminded_at: datetime | None = field(default=None, validator=check_utc)

    @property
    def cursor(self) -> "FollowUpCursor":
        """Its place in a listing of those that are open, or done, as it is."""
        return FollowUpCursor(self.done_at or self.due_at or self.created_at, self.id)

    def done(self, now: datetime, note: str | None, message: str | None) -> "FollowUp":
        """The follow-up after it was done; what was said at last replaces what was planned to be said."""
        return evolve(self, done_at=now, note=note or self.note, message=message or self.message)


@frozen
class FollowUpCursor:
    """A place in a listing of follow-ups: behind the one with that id, which is due or was done ``at``."""

    at: datetime = field(validator=check_utc)
    follow_up_id: str


@frozen
class FollowUpPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    follow_ups: tuple[FollowUp, ...]
    next: FollowUpCursor | None

    @classmethod
    def cut(cls, follow_ups: list[FollowUp], limit: int) -> "FollowUpPage":
        """Make a page of at most ``limit`` of those, of which one more was asked for to know."""
        page = tuple(follow_ups[:limit])
        return cls(page, page[-1].cursor if len(follow_ups) > limit else None)


def due_time_range(status: FollowUpStatus, now: datetime, today: TimeRange) -> TimeRange:
    """When an open follow-up must be due to have ``status``.

    Args:
        status: overdue (its time has passed), due (its time is today) or planned (its time will come).
        now: the present.
        today: the business's day that ``now`` belongs to.
    """
    time_ranges = {
        FollowUpStatus.OVERDUE: TimeRange(None, now),
        FollowUpStatus.DUE: today,
        FollowUpStatus.PLANNED: TimeRange(now, None),
    }
    return time_ranges[status]
