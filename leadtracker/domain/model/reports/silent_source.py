"""Judge if a source has fallen silent: how probable no lead since the last one is, by the source's rhythm.

Leads arrive as a Poisson process whose rate depends on the weekday and the hour. Three things make a silence
less surprising than that: the rate is an estimate, any day may be a holiday, and around Christmas and Easter
silence says nothing.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from math import exp, prod, sqrt

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

HISTORY = timedelta(weeks=16)
"""The time before now whose leads are the history of a source."""
MIN_HISTORY = timedelta(weeks=8)
"""The time between the first and the last lead of the history without which a source is not judged."""
MIN_LEADS = 20
"""The number of leads in the history without which a source is not judged."""
MIN_DURATION = timedelta(hours=6)
"""A shorter silence is not judged, so that the history of a busy source is rarely read."""
ALERT_BELOW = 0.001
"""The probability below which a silence is no chance."""

_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_SMOOTHING_WEEKS = 4
"""The weight of the pattern of the whole week against the counts of a single hour of it."""
_HOLIDAY_SHARE = 0.03
"""The share of days that are quiet, such as holidays: about eleven a year. They may bring no lead at all."""
_QUIET_ACTIVITY = 0.05
"""The share of the usual leads that the rest of a quiet day brings after a lead."""


@frozen
class SilentSource:
    """A source from which no lead has come for improbably long.

    Attributes:
        source: its name; None for the leads without a source.
        last_lead_at: when its last lead came.
        expected: the number of leads that would have been usual since then.
    """

    source: str | None
    last_lead_at: datetime = field(validator=check_utc)
    expected: float


@frozen
class Rhythm:
    """The usual number of leads in each hour of the week.

    Attributes:
        rates: leads per hour, by weekday (0 is Monday) and hour of the day in ``zone``.
        number: the number of leads that the rates are estimated from.
        zone: the time zone of the business.
    """

    rates: Mapping[tuple[int, int], float]
    number: int
    zone: tzinfo

    @classmethod
    def of(cls, by_hour: Mapping[datetime, int], weeks: float, zone: tzinfo) -> "Rhythm":
        """Estimate the rhythm from the numbers of leads by full hour, which came within ``weeks``.

        Each hour of the week is smoothed towards the product of its weekday's and its hour's share.
        """
        counts: Counter[tuple[int, int]] = Counter()
        for full_hour, number in by_hour.items():
            local = full_hour.astimezone(zone)
            counts[local.weekday(), local.hour] += number
        total = counts.total()
        weekdays = [sum(counts[weekday, hour] for hour in range(24)) for weekday in range(7)]
        hours = [sum(counts[weekday, hour] for weekday in range(7)) for hour in range(24)]
        rates = {
            (weekday, hour): (
                counts[weekday, hour] + _SMOOTHING_WEEKS * weekdays[weekday] * hours[hour] / (total * weeks)
            )
            / (weeks + _SMOOTHING_WEEKS)
            for weekday in range(7)
            for hour in range(24)
        }
        return cls(rates, total, zone)

    def expected_by_day(self, start: datetime, end: datetime) -> dict[date, float]:
        """Return the usual number of leads between two times, by local day."""
        expected: dict[date, float] = {}
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            local = hour.astimezone(self.zone)
            share = (min(end, hour + _HOUR) - max(start, hour)) / _HOUR
            usual = share * self.rates[local.weekday(), local.hour]
            expected[local.date()] = expected.get(local.date(), 0.0) + usual
            hour += _HOUR
        return expected

    def probability_of_none(self, start: datetime, end: datetime) -> float:
        """Return the probability that no lead comes between two times."""
        # One standard deviation less than estimated, because few leads estimate the rate badly.
        safety = 1 - 1 / sqrt(self.number)
        first = start.astimezone(self.zone).date()  # the day of the last lead
        return prod(
            (1 - _HOLIDAY_SHARE) * exp(-safety * usual)
            + _HOLIDAY_SHARE * (exp(-safety * _QUIET_ACTIVITY * usual) if day == first else 1)
            for day, usual in self.expected_by_day(start, end).items()
            if not is_feast(day)
        )


def judge(
    source: str | None, by_hour: Mapping[datetime, int], last_lead_at: datetime, now: datetime, zone: tzinfo
) -> SilentSource | None:
    """Return a source that is silent; None if it is not, or if its history is too short.

    Args:
        source: its name; None for the leads without a source.
        by_hour: the numbers of its leads within ``HISTORY`` before now, by full hour.
        last_lead_at: when its last lead came.
        now: the current time.
        zone: the time zone of the business.
    """
    if sum(by_hour.values()) < MIN_LEADS or now - last_lead_at < MIN_DURATION:
        return None
    history = last_lead_at - min(by_hour)
    if history < MIN_HISTORY:
        return None
    rhythm = Rhythm.of(by_hour, history / _WEEK, zone)
    if rhythm.probability_of_none(last_lead_at, now) >= ALERT_BELOW:
        return None
    return SilentSource(source, last_lead_at, sum(rhythm.expected_by_day(last_lead_at, now).values()))


def is_feast(day: date) -> bool:
    """Return True from Christmas Eve to New Year's Day, and from Good Friday to Easter Monday."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        return True
    return timedelta(days=-2) <= day - easter(day.year) <= timedelta(days=1)


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher."""
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
