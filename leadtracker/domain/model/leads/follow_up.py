"""Follow-ups: what users plan to do, or have done, about a lead."""

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange, check_utc, timestamp_at


class FollowUpStatus(StrEnum):
    """The status of a follow-up; one that is due today is also overdue or planned."""

    OVERDUE = "overdue"
    """Its time has passed."""
    DUE = "due"
    """Its time is today, in the time zone of the business."""
    PLANNED = "planned"
    """Its time is in the future."""
    DONE = "done"
    """It was completed."""


class FollowUpShortcut(StrEnum):
    """Times that are often chosen for the next follow-up, all at ``SHORTCUT_TIME``."""

    TOMORROW = "tomorrow"
    """The next day."""
    IN_THREE_DAYS = "in-3-days"
    """The third day from today."""
    NEXT_MONDAY = "next-monday"
    """The first Monday after today."""

    def due_at(self, now: datetime, zone: tzinfo) -> datetime:
        """Return the time that the shortcut means.

        Args:
            now: the current time.
            zone: the time zone of the business.
        """
        today = now.astimezone(zone).date()
        days = {self.TOMORROW: 1, self.IN_THREE_DAYS: 3, self.NEXT_MONDAY: 7 - today.weekday()}
        return timestamp_at(today + timedelta(days=days[self]), SHORTCUT_TIME, zone)


SHORTCUT_TIME = time(9)


@frozen(kw_only=True)
class FollowUp:
    """One follow-up. A lead has at most one open follow-up, the next one.

    Attributes:
        due_at: when it should be done; None if it was done without being scheduled.
        note: a text for users.
        message: the text of the e-mail to the prospect; None without one.
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
    def cursor(self) -> Cursor:
        """The cursor after this follow-up, in the list of open or of completed ones."""
        return Cursor(self.done_at or self.due_at or self.created_at, self.id)

    def done(self, now: datetime, note: str | None, message: str | None) -> "FollowUp":
        """Return the completed follow-up; ``note`` and ``message`` replace the scheduled ones if given."""
        return evolve(self, done_at=now, note=note or self.note, message=message or self.message)


def due_time_range(status: FollowUpStatus, now: datetime, today: TimeRange) -> TimeRange:
    """Return the range in which the due time of open follow-ups with ``status`` lies.

    Args:
        status: ``OVERDUE`` (before now), ``DUE`` (today) or ``PLANNED`` (after now).
        now: the current time.
        today: the day that contains ``now`` in the business's time zone.
    """
    time_ranges = {
        FollowUpStatus.OVERDUE: TimeRange(None, now),
        FollowUpStatus.DUE: today,
        FollowUpStatus.PLANNED: TimeRange(now, None),
    }
    return time_ranges[status]
