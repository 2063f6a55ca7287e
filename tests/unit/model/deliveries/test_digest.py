"""The digest's day: which is due, in any zone and whatever its clocks do."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.model.values.timestamps import timestamp_at
from tests.support.clock import DAY, at
from tests.support.examples.strategies import YEARS, timestamps, zones
from tests.support.examples.thoroughness import examples

MINUTE = timedelta(minutes=1)
EIGHT = time(8)
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
times_of_day = st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_timestamps = timestamps(at(f"{YEARS[0]}-01-03T00:00:00Z"), at(f"{YEARS[1]}-12-29T00:00:00Z"))

CHANGES = {
    "Berlin skips 02:00 to 03:00": (BERLIN, "2026-03-29T00:00:00Z"),
    "Berlin has 02:00 to 03:00 twice": (BERLIN, "2026-10-25T00:00:00Z"),
    "Beirut skips midnight": (ZoneInfo("Asia/Beirut"), "2021-03-27T22:00:00Z"),
    "Havana has midnight twice": (ZoneInfo("America/Havana"), "2026-11-01T04:00:00Z"),
    "St. John's falls back into yesterday": (ZoneInfo("America/St_Johns"), "2006-10-29T02:31:00Z"),
    "Samoa skips a day": (ZoneInfo("Pacific/Apia"), "2011-12-30T10:00:00Z"),
    "Kwajalein has a day twice": (ZoneInfo("Pacific/Kwajalein"), "1969-09-30T13:00:00Z"),
    "Lord Howe moves by half an hour": (ZoneInfo("Australia/Lord_Howe"), "2026-04-04T15:00:00Z"),
}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-18T12:59:59.999999Z", date(2026, 11, 17)),
        ("2026-11-18T13:00:00Z", date(2026, 11, 18)),
        ("2026-11-19T04:59:00Z", date(2026, 11, 18)),
        ("2026-11-19T12:59:59Z", date(2026, 11, 18)),
    ],
)
def test_latest_past_digest_day_is_due(now: str, day: date) -> None:
    assert DailyTime(NEW_YORK, EIGHT).latest_day(at(now)) == day


def test_missing_time_disables_digest() -> None:
    assert DailyTime(NEW_YORK, None).latest_day(at("2026-11-18T12:00:00Z")) is None


@pytest.mark.parametrize(
    ("day", "time_of_day", "due"),
    [
        (date(2026, 3, 28), time(2, 30), "2026-03-28T01:30:00Z"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:30:00Z"),  # at 03:30, since there is no 02:30
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00Z"),  # at the first of two
        (date(2026, 10, 26), time(2, 30), "2026-10-26T01:30:00Z"),
    ],
)
def test_a_time_that_is_skipped_or_comes_twice_is_one_timestamp(
    day: date, time_of_day: time, due: str
) -> None:
    digest_time = DailyTime(BERLIN, time_of_day)
    assert digest_time.latest_day(at(due)) == day
    assert digest_time.latest_day(at(due) - timedelta(microseconds=1)) == day - DAY


@given(now=some_timestamps, zone=zones, time_of_day=times_of_day)
@settings(max_examples=examples(150))
def test_day_is_due_and_the_next_is_not(now: datetime, zone: ZoneInfo, time_of_day: time) -> None:
    day = DailyTime(zone, time_of_day).latest_day(now)
    assert day is not None
    assert timestamp_at(day, time_of_day, zone) <= now < timestamp_at(day + DAY, time_of_day, zone)


@given(now=some_timestamps, ahead=st.timedeltas(timedelta(0), 2 * DAY), zone=zones, time_of_day=times_of_day)
@settings(max_examples=examples(150))
def test_due_days_are_monotonic(now: datetime, ahead: timedelta, zone: ZoneInfo, time_of_day: time) -> None:
    digest_time = DailyTime(zone, time_of_day)
    earlier, later = digest_time.latest_day(now), digest_time.latest_day(now + ahead)
    assert earlier is not None
    assert later is not None
    assert earlier <= later <= earlier + 4 * DAY


@pytest.mark.parametrize(("zone", "change"), CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("time_of_day", [time(0), time(0, 1), time(2, 30), EIGHT, time(23, 30), time(23, 59)])
def test_dst_changes_yield_each_day_once(zone: ZoneInfo, change: str, time_of_day: time) -> None:
    digest_time = DailyTime(zone, time_of_day)
    # Every minute around the change, every quarter of an hour of the other days.
    minutes = {*range(-3 * 24 * 60, 3 * 24 * 60, 15), *range(-180, 180)}
    timestamps = [at(change) + minute * MINUTE for minute in sorted(minutes)]
    seen = list(dict.fromkeys(digest_time.latest_day(timestamp) for timestamp in timestamps))
    lived = {timestamp.astimezone(zone).date() for timestamp in timestamps}
    assert seen == sorted(day for day in seen if day)
    # All days that were lived through to their time; the first and the last may be cut off.
    assert set(sorted(lived)[1:-1]) <= set(seen)
