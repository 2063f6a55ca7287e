"""The pulse: it beats forwards, and stops the sealing of weeks when the clock jumps."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.reports.heartbeat import Pulse
from tests.support.clock import MICROSECOND, NOW
from tests.support.strategies import instants

LONGEST = timedelta(days=35)


@given(instants(), st.lists(instants()))
def test_the_last_beat_is_the_latest_of_all(first: datetime, beats: list[datetime]) -> None:
    pulse = Pulse(last_beat_at=first)
    for now in beats:
        pulse = pulse.beat(now)
    assert pulse.last_beat_at == max([first, *beats])


def test_a_silence_of_35_days_is_taken_for_a_holiday() -> None:
    assert not Pulse(last_beat_at=NOW).beat(NOW + LONGEST).is_held


def test_a_longer_one_is_taken_for_a_wrong_clock() -> None:
    jumped = NOW + LONGEST + MICROSECOND
    pulse = Pulse(last_beat_at=NOW).beat(jumped)
    assert pulse == Pulse(last_beat_at=jumped, held_since=jumped)
    assert pulse.is_held


def test_a_held_pulse_stays_held_since_the_first_jump() -> None:
    jumped = NOW + 2 * LONGEST
    pulse = Pulse(last_beat_at=NOW).beat(jumped)
    later = pulse.beat(jumped + MICROSECOND).beat(NOW).beat(jumped + 3 * LONGEST)
    assert later.held_since == jumped


def test_a_clock_that_was_set_back_holds_nothing() -> None:
    pulse = Pulse(last_beat_at=NOW).beat(NOW - 10 * LONGEST)
    assert pulse == Pulse(last_beat_at=NOW)
