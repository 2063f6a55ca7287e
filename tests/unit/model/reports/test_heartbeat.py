"""The heartbeat: it beats forwards, and stops the sealing of weeks when the clock jumps."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from tests.support.clock import MICROSECOND, NOW
from tests.support.examples.strategies import timestamps

MAX_AGE = timedelta(days=35)


@given(timestamps(), st.lists(timestamps()))
def test_last_heartbeat_is_the_latest(first: datetime, heartbeat_times: list[datetime]) -> None:
    heartbeat = SchedulerHeartbeat(last_heartbeat_at=first)
    for now in heartbeat_times:
        heartbeat = heartbeat.record(now)
    assert heartbeat.last_heartbeat_at == max([first, *heartbeat_times])


def test_silence_up_to_35_days_is_accepted() -> None:
    assert not SchedulerHeartbeat(last_heartbeat_at=NOW).record(NOW + MAX_AGE).is_paused


def test_longer_silence_pauses_sealing() -> None:
    jumped = NOW + MAX_AGE + MICROSECOND
    heartbeat = SchedulerHeartbeat(last_heartbeat_at=NOW).record(jumped)
    assert heartbeat == SchedulerHeartbeat(last_heartbeat_at=jumped, paused_since=jumped)
    assert heartbeat.is_paused


def test_pause_starts_at_the_first_jump() -> None:
    jumped = NOW + 2 * MAX_AGE
    heartbeat = SchedulerHeartbeat(last_heartbeat_at=NOW).record(jumped)
    later = heartbeat.record(jumped + MICROSECOND).record(NOW).record(jumped + 3 * MAX_AGE)
    assert later.paused_since == jumped


def test_clock_set_back_pauses_nothing() -> None:
    heartbeat = SchedulerHeartbeat(last_heartbeat_at=NOW).record(NOW - 10 * MAX_AGE)
    assert heartbeat == SchedulerHeartbeat(last_heartbeat_at=NOW)
