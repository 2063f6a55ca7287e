"""The digest: once a day, what waits for the staff.

A day's digest is due at the same time of day by the business's clock. Only the latest one that has come due
is ever made: after days of downtime there is one digest, not one for each day.
"""

from datetime import date, datetime, time, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.timestamps import timestamp_at

MAX_SHOWN = 50
"""How many of each a digest shows."""

MAX_COUNTED = 1_000
"""How far a digest counts: of more, nobody needs to know how many, and counting takes time."""

_DAY = timedelta(days=1)


@frozen
class DigestTime:
    """When a day's digest is due.

    Attributes:
        zone: the business's zone.
        time_of_day: by its clock; None if there are no digests.
    """

    zone: tzinfo
    time_of_day: time | None

    def latest_day(self, now: datetime) -> date | None:
        """The last day whose digest had come due by ``now``; later timestamps never give an earlier day.

        Where a clock change skips the time of day, it is due that much later; where the time comes twice, at
        the first. Where a whole day is skipped, its digest is that of the next day.
        """
        if self.time_of_day is None:
            return None
        today = now.astimezone(self.zone).date()
        # Where a clock is set back across midnight, tomorrow has begun already; where a day is skipped, there
        # was no yesterday.
        days = (today + ahead * _DAY for ahead in (1, 0, -1, -2))
        return next(day for day in days if timestamp_at(day, self.time_of_day, self.zone) <= now)


@frozen
class Overdue:
    """A follow-up whose time has passed, and its lead."""

    follow_up: FollowUp
    lead: Lead


@frozen(kw_only=True)
class Digest:
    """What waits for the staff.

    Attributes:
        overdue: open follow-ups whose time has passed, what waited longest first, ``MAX_SHOWN`` at most.
        number_overdue: how many there are; ``MAX_COUNTED + 1`` stands for more than ``MAX_COUNTED``.
        untouched: leads that nobody has done anything about, the oldest first, ``MAX_SHOWN`` at most.
        number_untouched: how many there are, as above.
        untouched_for: how long a lead must have waited to be one of these.
    """

    overdue: tuple[Overdue, ...]
    number_overdue: int
    untouched: tuple[Lead, ...]
    number_untouched: int
    untouched_for: timedelta

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.overdue and not self.untouched
