"""Silent sources: the probability of no lead, and what simulated sources show about it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from math import exp
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.reports.silent_source import (
    ALERT_BELOW,
    MIN_DURATION,
    MIN_HISTORY,
    MIN_LEADS,
    Rhythm,
    easter,
    is_feast,
    judge,
)
from tests.support.clock import DAY, NOW, WEEK
from tests.support.examples.thoroughness import examples
from tests.support.models.silence_simulation import Source, simulate

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
counts = st.dictionaries(st.integers(0, 12 * 168 - 1), st.integers(1, 50), min_size=1)


def every(step: timedelta, duration: timedelta = 12 * WEEK, end: datetime = MONDAY) -> Mapping[datetime, int]:
    """A lead at regular times, until ``end``."""
    return {end - number * step: 1 for number in range(duration // step + 1)}


@given(counts=counts, zone=st.sampled_from([UTC, BERLIN, ZoneInfo("Asia/Kolkata")]))
def test_smoothing_keeps_the_number_of_leads(counts: dict[int, int], zone: ZoneInfo) -> None:
    rhythm = Rhythm.of({MONDAY + hour * HOUR: number for hour, number in counts.items()}, 12, zone)
    assert sum(rhythm.rates.values()) * 12 == pytest.approx(sum(counts.values()))
    assert min(rhythm.rates.values()) >= 0


@given(counts=counts, hours=st.lists(st.integers(0, 900), min_size=3, max_size=3))
def test_long_silence_is_less_probable(counts: dict[int, int], hours: list[int]) -> None:
    rhythm = Rhythm.of({MONDAY + hour * HOUR: number for hour, number in counts.items()}, 12, BERLIN)
    start, shorter, longer = (NOW + hour * HOUR for hour in sorted(hours))
    assert rhythm.probability_of_none(start, longer) <= rhythm.probability_of_none(start, shorter) <= 1


def test_rhythm_follows_weekday_and_hour() -> None:
    mondays = {MONDAY + week * WEEK + 9 * HOUR: 5 for week in range(12)}
    rhythm = Rhythm.of(mondays, 12, UTC)
    assert rhythm.rates[0, 9] == pytest.approx(5)
    assert rhythm.expected_by_day(MONDAY + 9.5 * HOUR, MONDAY + 2 * DAY) == pytest.approx(
        {date(2026, 6, 1): 2.5, date(2026, 6, 2): 0}
    )


def test_probability_is_above_that_of_a_poisson_process() -> None:
    rhythm = Rhythm.of(every(8 * HOUR), 12, UTC)
    assert sum(rhythm.expected_by_day(MONDAY, MONDAY + 3 * DAY).values()) == pytest.approx(9, rel=0.01)
    assert exp(-9) < rhythm.probability_of_none(MONDAY, MONDAY + 3 * DAY) < ALERT_BELOW


@pytest.mark.parametrize(("days", "is_reported"), [(2, False), (3, True), (9, True)])
def test_silence_of_three_leads_a_day_is_reported_on_the_third_day(days: int, *, is_reported: bool) -> None:
    silent = judge("fair", every(8 * HOUR), MONDAY, MONDAY + days * DAY, UTC)
    assert (silent is not None) == is_reported
    if silent is not None:
        assert (silent.source, silent.last_lead_at) == ("fair", MONDAY)
        assert silent.expected == pytest.approx(3 * days, rel=0.01)


def test_short_history_is_not_judged() -> None:
    now = MONDAY + 30 * DAY
    assert judge(None, every(DAY, MIN_HISTORY), MONDAY, now, UTC) is not None
    assert judge(None, every(DAY, MIN_HISTORY - DAY), MONDAY, now, UTC) is None
    few = dict(list(every(3 * DAY).items())[-MIN_LEADS + 1 :])
    assert judge(None, few, max(few), now, UTC) is None


def test_short_silence_is_not_judged() -> None:
    busy = every(HOUR / 60)
    assert judge(None, busy, MONDAY, MONDAY + MIN_DURATION - HOUR, UTC) is None
    assert judge(None, busy, MONDAY, MONDAY + MIN_DURATION, UTC) is not None


@pytest.mark.parametrize(("hours", "is_reported"), [(24, False), (48, True)])
def test_one_silent_day_may_be_a_holiday(hours: int, *, is_reported: bool) -> None:
    last_lead_at = MONDAY - HOUR / 60
    busy = every(HOUR, end=last_lead_at)
    silent = judge(None, busy, last_lead_at, MONDAY + hours * HOUR, UTC)
    assert (silent is not None) == is_reported


def test_silence_of_a_busy_source_is_reported_on_the_day_of_its_last_lead() -> None:
    busy = every(HOUR / 60, end=MONDAY + 12 * HOUR)
    assert judge(None, busy, max(busy), MONDAY + 18 * HOUR, UTC) is not None


def test_feasts_are_no_evidence() -> None:
    rhythm = Rhythm.of(every(HOUR), 12, UTC)
    christmas = datetime(2026, 12, 24, tzinfo=UTC)
    assert rhythm.probability_of_none(christmas, christmas + 9 * DAY) == 1
    assert rhythm.probability_of_none(christmas, christmas + 10 * DAY) < 1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 23), False),
        (date(2026, 12, 24), True),
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
        (date(2027, 3, 25), False),
        (date(2027, 3, 26), True),  # Good Friday
        (date(2027, 3, 29), True),  # Easter Monday
        (date(2027, 3, 30), False),
    ],
)
def test_feasts_are_christmas_and_easter(day: date, *, expected: bool) -> None:
    assert is_feast(day) == expected


@pytest.mark.parametrize(
    "sunday",
    [date(1818, 3, 22), date(1943, 4, 25), date(2000, 4, 23), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter_is_that_of_the_calendar(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize("holiday_activity", [0.3, 0])
def test_simulated_source_keeps_promise(holiday_activity: float) -> None:
    years = examples(3)
    alarms, delays = simulate(Source(3, holiday_activity), years, breaks=10 * years, seed=3)
    assert alarms <= 1
    assert mean(delays) <= 3
