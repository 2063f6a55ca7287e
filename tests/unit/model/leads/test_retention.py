"""Retention: calendar months by whole days, at ends of months, in leap years, in unusual time zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.retention import RetentionPolicy
from leadtracker.domain.model.values.timestamps import start_of_day

ZONES = [
    UTC,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Havana"),  # sets its clocks at midnight
    ZoneInfo("Pacific/Apia"),  # has skipped 30 December 2011
    ZoneInfo("Pacific/Kiritimati"),
    ZoneInfo("Asia/Kathmandu"),
]
DAY = timedelta(days=1)
zones = st.sampled_from(ZONES)
months = st.integers(1, 130)
timestamps = st.datetimes(datetime(2008, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def policy(zone: object, number: int) -> RetentionPolicy:
    return RetentionPolicy(zone, {LeadState.LOST: number})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last_day", "number", "last_kept"),
    [
        ("2024-11-13", 24, "2026-11-13"),
        ("2024-11-13", 1, "2024-12-13"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2025-02-28", 36, "2028-02-28"),  # the same day, although that month has one more
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2016-11-13", 120, "2026-11-13"),
    ],
)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_lead_is_kept_to_end_of_day(last_day: str, number: int, last_kept: str, zone: ZoneInfo) -> None:
    last_activity = start_of_day(date.fromisoformat(last_day) + DAY, zone) - timedelta(microseconds=1)
    due_at = start_of_day(date.fromisoformat(last_kept) + DAY, zone)
    rules = policy(zone, number)
    assert rules.due_at(LeadState.LOST, last_activity) == due_at
    assert not rules.is_due(LeadState.LOST, last_activity, due_at - timedelta(microseconds=1))
    assert rules.is_due(LeadState.LOST, last_activity, due_at)


@given(zones, months, timestamps, st.timedeltas(timedelta(days=-40), timedelta(days=40)))
@example(ZoneInfo("America/Havana"), 1, datetime(2025, 11, 2, 4, 30, tzinfo=UTC), timedelta())
@example(ZoneInfo("America/Havana"), 12, datetime(2025, 11, 2, 5, 30, tzinfo=UTC), timedelta())
@example(ZoneInfo("Pacific/Apia"), 1, datetime(2011, 11, 30, 12, tzinfo=UTC), timedelta(hours=-3))
@example(UTC, 24, datetime(2024, 2, 29, 23, 59, tzinfo=UTC), timedelta(days=1))
def test_due_before_separates_due_leads(
    zone: ZoneInfo, number: int, last_activity: datetime, shift: timedelta
) -> None:
    """The same by either way: from the activity to the time it is due, and from the time to the activity."""
    rules = policy(zone, number)
    due_at = rules.due_at(LeadState.LOST, last_activity)
    assert due_at is not None
    now = due_at + shift
    assert (last_activity < rules.due_before(LeadState.LOST, now)) == rules.is_due(
        LeadState.LOST, last_activity, now
    )


@given(zones, months, timestamps, st.timedeltas(timedelta(0), timedelta(days=70)))
def test_later_activity_is_never_due_earlier(
    zone: ZoneInfo, number: int, last_activity: datetime, later: timedelta
) -> None:
    rules = policy(zone, number)
    earlier_due, later_due = (
        rules.due_at(LeadState.LOST, time) for time in (last_activity, last_activity + later)
    )
    assert earlier_due is not None
    assert later_due is not None
    assert earlier_due <= later_due


@given(zones, months, timestamps)
def test_no_lead_is_due_before_its_months_are_over(
    zone: ZoneInfo, number: int, last_activity: datetime
) -> None:
    due_at = policy(zone, number).due_at(LeadState.LOST, last_activity)
    assert due_at is not None
    shortest = timedelta(days=number * 28 + (number // 12) * 29 - (number // 12))
    longest = timedelta(days=number * 31 + 2)
    assert min(shortest, timedelta(days=number * 28)) <= due_at - last_activity <= longest


def test_other_states_are_kept() -> None:
    rules = policy(UTC, 1)
    long_ago, now = datetime(1990, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert rules.due_at(LeadState.CONVERTED, long_ago) is None
    assert not rules.is_due(LeadState.CONVERTED, long_ago, now)
    assert not RetentionPolicy(UTC).is_due(LeadState.LOST, long_ago, now)
