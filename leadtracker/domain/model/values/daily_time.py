"""A time of day in a time zone, for what is done once a day."""

from datetime import date, datetime, time, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.model.values.timestamps import timestamp_at

_DAY = timedelta(days=1)


@frozen
class DailyTime:
    """The time of day at which something is due once a day, such as the digest.

    Attributes:
        zone: the business's time zone.
        time_of_day: in that zone; None if it is off.
    """

    zone: tzinfo
    time_of_day: time | None

    def latest_day(self, now: datetime) -> date | None:
        """Return the latest day whose time has come at ``now``; None if it is off.

        A later ``now`` never returns an earlier day. If a clock change skips the time of day, it comes
        later by the length of the gap; if the time occurs twice, the first counts. A day that a zone skips is
        never returned before the next day.
        """
        if self.time_of_day is None:
            return None
        today = now.astimezone(self.zone).date()
        # A clock set back across midnight means that tomorrow has already begun; a skipped day means that
        # there was no yesterday.
        days = (today + ahead * _DAY for ahead in (1, 0, -1, -2))
        return next(day for day in days if timestamp_at(day, self.time_of_day, self.zone) <= now)
