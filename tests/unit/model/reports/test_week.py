"""Weeks: in every IANA zone, from 1970 to 2037."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.reports.week import SEALING_DELAY, Week, weeks_between
from tests.support.clock import MICROSECOND, at
from tests.support.examples.strategies import YEARS, ZONES, timestamps, zones
from tests.support.instruments.expected_errors import result_or_error

FIRST_MONDAY = datetime.fromisoformat(f"{YEARS[0]}-01-05")
MONDAYS = [FIRST_MONDAY + timedelta(weeks=number) for number in range(68 * 52)]
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
SEVEN_DAYS = timedelta(days=7)
HALF_AN_HOUR = timedelta(minutes=30)


def iso_name(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{year:04}-W{number:02}"


def monday_of(name: str) -> date:
    return date.fromisocalendar(int(name[:4]), int(name[6:]), 1)


def changing_weeks() -> list[tuple[str, datetime]]:
    """Every week in which a clock was changed, with its zone; of zones that agree only one."""
    found = []
    seen = set()
    for name in ZONES:
        offset = ZoneInfo(name).utcoffset
        offsets = tuple(offset(monday) for monday in MONDAYS)
        if offsets not in seen:
            seen.add(offsets)
            positions = (
                position for position in range(1, len(MONDAYS)) if offsets[position - 1] != offsets[position]
            )
            found += [(name, MONDAYS[position - 1]) for position in positions]
    return found


def test_weeks_are_contiguous_in_every_zone() -> None:
    changing = changing_weeks()
    assert len(changing) > 10_000
    for name, monday in changing:
        zone = ZoneInfo(name)
        before, week, after = (
            Week.named(iso_name(monday + step), zone) for step in (-SEVEN_DAYS, timedelta(0), SEVEN_DAYS)
        )
        assert before.end == week.start < week.end == after.start, (name, monday)
        assert Week.containing(week.start - MICROSECOND, zone) == before
        assert Week.containing(week.start, zone) == week
        # where clocks went back, this is Sunday again
        assert Week.containing(week.start + HALF_AN_HOUR, zone) == week
        assert Week.containing(week.end - MICROSECOND, zone) == week


@given(zones, timestamps())
def test_an_timestamp_lies_in_exactly_one_week(zone: ZoneInfo, timestamp: datetime) -> None:
    week = Week.containing(timestamp, zone)
    assert week.start <= timestamp < week.end
    assert Week.containing(week.start, zone) == week
    assert Week.containing(week.end - MICROSECOND, zone) == week
    assert Week.containing(week.end, zone).start == week.end
    assert Week.containing(week.start - MICROSECOND, zone).end == week.start


@given(zones, timestamps())
def test_week_lasts_from_monday_for_seven_days(zone: ZoneInfo, timestamp: datetime) -> None:
    week = Week.containing(timestamp, zone)
    assert week.start.astimezone(zone).weekday() == 0
    assert (week.start - MICROSECOND).astimezone(zone).weekday() != 0
    assert abs(week.end - week.start - SEVEN_DAYS) <= A_DAY


@given(zones, timestamps())
def test_week_name_round_trips(zone: ZoneInfo, timestamp: datetime) -> None:
    week = Week.containing(timestamp, zone)
    assert Week.named(week.name, zone) == week
    assert week.name == iso_name(week.start.astimezone(zone).date())


@given(zones, timestamps())
def test_last_closed_week_ended_5_minutes_ago(zone: ZoneInfo, now: datetime) -> None:
    week = Week.last_closed(now, zone)
    assert week.sealable_from <= now
    assert Week.containing(week.end, zone).sealable_from > now


@given(zones, timestamps())
def test_week_closes_5_minutes_after_its_end(zone: ZoneInfo, timestamp: datetime) -> None:
    week = Week.containing(timestamp, zone)
    assert Week.last_closed(week.end + SEALING_DELAY, zone) == week
    assert Week.last_closed(week.end + SEALING_DELAY - MICROSECOND, zone).end == week.start


@given(zones, timestamps(), st.integers(0, 60))
def test_weeks_between_follow_calendar(zone: ZoneInfo, timestamp: datetime, count: int) -> None:
    first = Week.containing(timestamp, zone)
    end = Week.containing(first.start + count * SEVEN_DAYS + SEVEN_DAYS / 2, zone).start
    weeks = weeks_between(first.start, end, zone)
    assert weeks == [Week.named(iso_name(monday_of(first.name) + n * SEVEN_DAYS), zone) for n in range(count)]


@given(
    zones,
    timestamps(),
    st.lists(st.tuples(zones, st.integers(0, 4), st.integers(0, 50)), min_size=1, max_size=6),
)
def test_zone_change_keeps_weeks_contiguous(
    first_zone: ZoneInfo, timestamp: datetime, changes: list[tuple[ZoneInfo, int, int]]
) -> None:
    ledger = [Week.containing(timestamp, first_zone)]
    for zone, count, hours in changes:
        now = ledger[-1].end + count * SEVEN_DAYS + hours * AN_HOUR
        sealed = weeks_between(ledger[-1].end, Week.last_closed(now, zone).end, zone)
        assert all(week.sealable_from <= now for week in sealed)
        ledger += sealed
    for former, week in pairwise(ledger):
        assert former.end == week.start
        assert monday_of(week.name) - monday_of(former.name) == SEVEN_DAYS
    assert all(abs(week.end - week.start - SEVEN_DAYS) <= 2.2 * A_DAY for week in ledger)


@given(zones, zones, timestamps(), st.integers(1, 20))
def test_weeks_end_at_a_monday_of_another_zone(
    zone: ZoneInfo, other: ZoneInfo, timestamp: datetime, count: int
) -> None:
    start = Week.containing(timestamp, zone).start
    end = Week.containing(start + (count + 0.5) * SEVEN_DAYS, other).start
    weeks = weeks_between(start, end, zone)
    assert (weeks[0].start, weeks[-1].end) == (start, end)
    assert len(weeks) == count
    assert all(former.end == latter.start for former, latter in pairwise(weeks))


@pytest.mark.parametrize(
    ("name", "zone", "start", "end"),
    [
        ("2026-W46", "UTC", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"),
        ("2026-W01", "UTC", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z"),
        ("2020-W53", "UTC", "2020-12-28T00:00:00Z", "2021-01-04T00:00:00Z"),
        # 167 and 169 hours
        ("2026-W13", "Europe/Berlin", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("2026-W43", "Europe/Berlin", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"),
        # six days, because Samoa had no 30 December 2011
        ("2011-W52", "Pacific/Apia", "2011-12-26T10:00:00Z", "2012-01-01T10:00:00Z"),
        # midnight was skipped: the Monday began at one o'clock
        ("2021-W12", "Asia/Tehran", "2021-03-21T20:30:00Z", "2021-03-28T19:30:00Z"),
        # midnight happened twice: the Monday began at the first one
        ("2001-W39", "Asia/Jerusalem", "2001-09-23T21:00:00Z", "2001-09-30T22:00:00Z"),
    ],
)
def test_known_weeks(name: str, zone: str, start: str, end: str) -> None:
    assert Week.named(name, ZoneInfo(zone)) == Week(name, at(start), at(end))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "2026-46",
        "2026-W1",
        " 2026-W46",
        "2026-W46\n",
        "٢٠٢٦-W46",
        "0000-W01",
        "9999-W53",
        "last",
        "\ud800",
    ],
)
def test_other_names_are_rejected(name: str) -> None:
    with pytest.raises(ValueError, match="must be an ISO week, such as 2026-W46"):
        Week.named(name, UTC)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("name", ["0001-W01", "0001-W02", "9999-W51", "9999-W52"])
def test_weeks_at_the_ends_of_time_exist_or_are_rejected(name: str, zone: str) -> None:
    outcome = result_or_error(lambda: Week.named(name, ZoneInfo(zone)), ValueError)
    if isinstance(outcome, ValueError):
        assert "ISO week" in str(outcome)
    else:
        assert outcome.end - outcome.start == SEVEN_DAYS
