"""Weeks: from Monday 00:00 to the next Monday 00:00, exclusive, in the business's time zone.

Boundaries are UTC timestamps, so a week with a clock change has 167 or 169 hours. Weeks have ISO 8601 names,
such as ``2026-W46``.
"""

import re
from datetime import date, datetime, timedelta, tzinfo

from attrs import evolve, field, frozen

from leadtracker.domain.model.values.timestamps import check_utc, start_of_day

SEALING_DELAY = timedelta(minutes=5)
"""The time between the end of a week and its sealing, for leads that are being stored at its end."""

_NAME = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_SEVEN_DAYS = timedelta(days=7)


@frozen
class Week:
    """One week.

    Attributes:
        name: ISO 8601, such as ``2026-W46``.
        start: the first timestamp of the week.
        end: the first timestamp after the week.
    """

    name: str
    start: datetime = field(validator=check_utc)
    end: datetime = field(validator=check_utc)

    @classmethod
    def containing(cls, timestamp: datetime, zone: tzinfo) -> "Week":
        """Return the week in ``zone`` that contains ``timestamp``."""
        day = timestamp.astimezone(zone).date()
        week = cls._from_monday(day - timedelta(days=day.weekday()), zone)
        # If a clock is set back across midnight, Sunday returns after Monday has begun.
        return week if timestamp < week.end else cls.containing(week.end, zone)

    @classmethod
    def named(cls, name: str, zone: tzinfo) -> "Week":
        """Return the week in ``zone`` with that ISO name.

        Raises:
            ValueError: the text is no such name; the message is for its author.
        """
        match = _NAME.fullmatch(name)
        try:
            if match is None:
                raise ValueError
            return cls._from_monday(date.fromisocalendar(int(match[1]), int(match[2]), 1), zone)
        except (ValueError, OverflowError):
            message = "must be an ISO week, such as 2026-W46"
            raise ValueError(message) from None

    @classmethod
    def from_boundary(cls, start: datetime, zone: tzinfo) -> "Week":
        """Return the week that begins where another one ended, even if the time zone setting has changed.

        It ends at the Monday of ``zone`` nearest to seven days later, so weeks have no gaps and no overlaps.
        """
        end = cls.containing(start + _SEVEN_DAYS * 1.5, zone).start
        name = cls.containing(start + (end - start) / 2, zone).name
        return cls(name, start, end)

    @classmethod
    def last_closed(cls, now: datetime, zone: tzinfo) -> "Week":
        """Return the latest week that can be sealed at ``now``."""
        current = cls.containing(now - SEALING_DELAY, zone)
        return cls.containing(current.start - _SEVEN_DAYS / 2, zone)

    @property
    def sealable_from(self) -> datetime:
        """The earliest time at which the week can be sealed."""
        return self.end + SEALING_DELAY

    @classmethod
    def _from_monday(cls, monday: date, zone: tzinfo) -> "Week":
        year, number, _ = monday.isocalendar()
        next_monday = monday + _SEVEN_DAYS
        return cls(f"{year:04}-W{number:02}", start_of_day(monday, zone), start_of_day(next_monday, zone))


def weeks_between(start: datetime, end: datetime, zone: tzinfo) -> list[Week]:
    """Return the weeks from one boundary to another, the oldest first.

    If one of the boundaries comes from another time zone, the last week still ends at ``end``: a remainder of
    some hours belongs to it.
    """
    weeks: list[Week] = []
    while end - start > _SEVEN_DAYS / 2:
        weeks.append(Week.from_boundary(start, zone))
        start = weeks[-1].end
    return [*weeks[:-1], *(evolve(week, end=end) for week in weeks[-1:])]
