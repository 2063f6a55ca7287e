"""Follow-ups: when one is overdue, due or planned."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.leads.follow_up import FollowUp, FollowUpStatus, due_time_range
from leadtracker.domain.model.values.timestamps import TimeRange, day_of
from tests.support.clock import MICROSECOND, NOW

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 11, 18, 23, 30, tzinfo=BERLIN).astimezone(UTC)
MIDNIGHT = datetime(2026, 11, 19, tzinfo=BERLIN).astimezone(UTC)


def statuses(due_at: datetime, now: datetime) -> set[str]:
    today = TimeRange(*day_of(now, BERLIN))
    time_ranges = {
        status: due_time_range(status, now, today) for status in FollowUpStatus if status != "done"
    }
    return {status.value for status, time_range in time_ranges.items() if time_range.contains(due_at)}


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (EVENING - timedelta(days=1), {"overdue"}),
        (EVENING - MICROSECOND, {"overdue", "due"}),
        (EVENING, {"due", "planned"}),
        (MIDNIGHT - MICROSECOND, {"due", "planned"}),
        (MIDNIGHT, {"planned"}),
        (MIDNIGHT + timedelta(days=300), {"planned"}),
    ],
)
def test_days_use_business_time_zone(due_at: datetime, expected: set[str]) -> None:
    assert statuses(due_at, EVENING) == expected


def test_day_length_follows_the_clock_change() -> None:
    start, end = day_of(datetime(2026, 10, 25, 12, tzinfo=UTC), BERLIN)
    assert end - start == timedelta(hours=25)


def test_later_message_replaces_note() -> None:
    planned = FollowUp(
        id="f", lead_id="l", due_at=NOW, note="plan", message=None, created_at=NOW, created_by="user:ann"
    )
    silent = planned.done(NOW, None, None)
    assert (silent.done_at, silent.note, silent.message) == (NOW, "plan", None)
    completed = planned.done(NOW, "done", "Hello")
    assert (completed.note, completed.message) == ("done", "Hello")
