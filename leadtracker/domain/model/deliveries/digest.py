"""The digest: a daily e-mail to users with overdue follow-ups and untouched leads.

It is due at a fixed time of day in the business's time zone. Only the latest due digest is sent: after days
of downtime there is one digest, not one per day.
"""

from datetime import date, datetime, time, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.timestamps import timestamp_at

MAX_SHOWN = 50
"""The maximum number of follow-ups, and of leads, that a digest lists."""

MAX_COUNTED = 1_000
"""The maximum that a digest counts; counting more would take time and help no reader."""

_DAY = timedelta(days=1)


@frozen
class DigestTime:
    """The time at which the daily digest is due.

    Attributes:
        zone: the business's time zone.
        time_of_day: in that zone; None if digests are off.
    """

    zone: tzinfo
    time_of_day: time | None

    def latest_day(self, now: datetime) -> date | None:
        """Return the latest day whose digest is due at ``now``; None if digests are off.

        A later ``now`` never returns an earlier day. If a clock change skips the time of day, the digest is
        due later by the length of the gap; if the time occurs twice, it is due at the first. A day that a
        zone skips has no digest before that of the next day.
        """
        if self.time_of_day is None:
            return None
        today = now.astimezone(self.zone).date()
        # A clock set back across midnight means that tomorrow has already begun; a skipped day means that
        # there was no yesterday.
        days = (today + ahead * _DAY for ahead in (1, 0, -1, -2))
        return next(day for day in days if timestamp_at(day, self.time_of_day, self.zone) <= now)


@frozen
class Overdue:
    """An open follow-up whose due time has passed, and its lead."""

    follow_up: FollowUp
    lead: Lead


@frozen(kw_only=True)
class Digest:
    """The content of a digest.

    Attributes:
        overdue: overdue follow-ups, the longest overdue first; at most ``MAX_SHOWN``.
        number_overdue: their number; ``MAX_COUNTED + 1`` means more than ``MAX_COUNTED``.
        untouched: leads without a first contact or a follow-up, the oldest first; at most ``MAX_SHOWN``.
        number_untouched: their number, bounded in the same way.
        untouched_for: the minimum age of an untouched lead.
    """

    overdue: tuple[Overdue, ...]
    number_overdue: int
    untouched: tuple[Lead, ...]
    number_untouched: int
    untouched_for: timedelta

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to report."""
        return not self.overdue and not self.untouched
