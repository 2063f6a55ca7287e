"""Simulated sources: how often a working one is reported as silent, and how soon a broken one is.

``python -m tests.support.models.silence_simulation`` prints the table of docs/explanation/silence-alerts.md.
"""

import sys
from bisect import bisect_left
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean, quantiles
from zoneinfo import ZoneInfo

import click
from attrs import frozen

from leadtracker.domain.model.reports.silent_source import HISTORY, MIN_DURATION, MIN_HISTORY, easter, judge
from tests.support.clock import DAY, WEEK

ZONE = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
_WEEKDAYS = (1.15, 1.2, 1.2, 1.15, 1.0, 0.6, 0.7)
_HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 11, 12, 13, 13, 13, 13, 12, 12, 11, 9, 6, 4)
_FIXED_HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}
_MOVING_HOLIDAYS = (-2, 1, 39, 50)  # days after Easter Sunday


@frozen
class Source:
    """A source in an invented German business.

    Attributes:
        per_day: the mean number of leads on a day that is no holiday.
        holiday_activity: the share of them that comes on a holiday.
        noise: the coefficient of variation of the rates of single days.
    """

    per_day: float
    holiday_activity: float
    noise: float = 0.3

    def arrivals(self, first: date, days: int, random: Random) -> list[datetime]:
        """Return the times of the leads of consecutive days, in order."""
        shape = self.noise**-2
        scale = self.per_day * 7 / sum(_WEEKDAYS)
        times: list[datetime] = []
        for day in (first + number * DAY for number in range(days)):
            rate = scale * _WEEKDAYS[day.weekday()] * random.gammavariate(shape, 1 / shape)
            rate *= self.holiday_activity if is_holiday(day) else 1
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
            for hour, weight in enumerate(_HOURS):
                number = _poisson(rate * weight / sum(_HOURS), random)
                times.extend(midnight + (hour + random.random()) * HOUR for _ in range(number))
        return sorted(times)


def is_holiday(day: date) -> bool:
    """Return True on the holidays that all of Germany has, on Christmas Eve and on New Year's Eve."""
    return (day.month, day.day) in _FIXED_HOLIDAYS or (day - easter(day.year)).days in _MOVING_HOLIDAYS


def is_silent(times: list[datetime], now: datetime) -> bool:
    """Judge a source by the leads that came before a time."""
    first, end = bisect_left(times, now - HISTORY), bisect_left(times, now)
    if first == end:
        return False
    by_hour = Counter(time.replace(minute=0, second=0, microsecond=0) for time in times[first:end])
    return judge(None, by_hour, times[end - 1], now, ZONE) is not None


def false_alarms(times: list[datetime], start: datetime) -> int:
    """Count the silences after a time that are reported although a lead ends each.

    A silence that is reported stays silent until its lead, so its end shows whether it was reported.
    """
    return sum(
        is_silent(times, after)
        for before, after in pairwise(times)
        if before >= start and after - before > MIN_DURATION
    )


def detection_delay(times: list[datetime], broken_at: datetime) -> timedelta | None:
    """Return how long after a source has broken it is reported, by an hourly job; None if it never is."""
    left = times[: bisect_left(times, broken_at)]
    hours = range((HISTORY - MIN_HISTORY - 2 * WEEK) // HOUR)  # later, the history may be too short
    number = bisect_left(hours, 1, key=lambda one: int(is_silent(left, broken_at + one * HOUR)))
    return None if number == len(hours) else number * HOUR


def _poisson(expected: float, random: Random) -> int:
    number, elapsed = 0, random.expovariate(1)
    while elapsed < expected:
        number += 1
        elapsed += random.expovariate(1)
    return number


def simulate(source: Source, years: int, breaks: int, seed: int) -> tuple[float, list[float]]:
    """Return the false alarms of a source in a year, and the days until breaks of it are reported.

    Breaks happen at random times of the years; those that are never reported count as infinite.
    """
    random = Random(seed)  # noqa: S311 - a simulation
    first = date(2027, 1, 1)
    alarms, delays = 0, []
    for year in range(years):
        start = first + 364 * year * DAY
        times = source.arrivals(start - HISTORY, 84 + 364, random)
        began = datetime(start.year, start.month, start.day, tzinfo=UTC)
        alarms += false_alarms(times, began)
        for _ in range(breaks // years):
            delay = detection_delay(times, began + random.random() * 52 * WEEK)
            delays.append(float("inf") if delay is None else delay / DAY)
    return alarms / years, delays


def main(years: int) -> None:
    """Print the table."""
    click.echo("| leads a day | leads on a holiday | false alarms a year | days until reported | 90 % |")
    click.echo("|---|---|---|---|---|")
    for per_day in (0.5, 3, 30):
        for activity in (0.3, 0.0):
            alarms, delays = simulate(Source(per_day, activity), years, 10 * years, seed=1)
            usual = f"{activity:.0%} of them" if activity else "none"
            days = f"{mean(delays):.1f} | {quantiles(delays, n=10)[-1]:.1f}"
            click.echo(f"| {per_day:g} | {usual} | {alarms:.2f} | {days} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
