"""The times of the shortcuts for follow-ups, in the business's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.leads.follow_up import FollowUpShortcut
from tests.support.clock import at

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("shortcut", "now", "expected"),
    [
        (FollowUpShortcut.TOMORROW, "2026-11-18T12:00:00Z", "2026-11-19T09:00"),
        (FollowUpShortcut.TOMORROW, "2026-11-18T23:30:00Z", "2026-11-20T09:00"),  # it is the 19th there
        (FollowUpShortcut.TOMORROW, "2026-10-24T12:00:00Z", "2026-10-25T09:00"),  # clocks are set back
        (FollowUpShortcut.IN_THREE_DAYS, "2026-12-30T12:00:00Z", "2027-01-02T09:00"),
        (FollowUpShortcut.NEXT_MONDAY, "2026-11-22T12:00:00Z", "2026-11-23T09:00"),
        (FollowUpShortcut.NEXT_MONDAY, "2026-11-23T07:00:00Z", "2026-11-30T09:00"),
    ],
)
def test_shortcut_means_time_in_morning(shortcut: FollowUpShortcut, now: str, expected: str) -> None:
    assert shortcut.due_at(at(now), BERLIN) == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)
