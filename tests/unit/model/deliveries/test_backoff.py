"""Backoff: the waits between attempts."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.deliveries.backoff import (
    REJECTED_DELAY,
    REPORT_DELAYS,
    bounded_retry_after,
    delay_after,
)
from tests.support.examples.strategies import fractions

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
SCHEDULE = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)),
]


def test_schedule_follows_standard_webhooks() -> None:
    assert list(REPORT_DELAYS) == SCHEDULE
    assert REJECTED_DELAY == 6 * HOUR


@given(st.integers(1, len(SCHEDULE)), fractions)
def test_jitter_is_at_most_20_percent(failures: int, fraction: float) -> None:
    planned, wait = SCHEDULE[failures - 1], delay_after(failures, fraction)
    assert wait is not None
    assert 0.8 * planned <= wait <= 1.2 * planned


@pytest.mark.parametrize(("failures", "planned"), [*enumerate(SCHEDULE, start=1)])
def test_jitter_is_centred_on_schedule(failures: int, planned: timedelta) -> None:
    waits = [delay_after(failures, fraction) for fraction in (0.0, 0.5, 1.0)]
    assert waits == [0.8 * planned, planned, 1.2 * planned]


@given(fractions)
def test_waits_never_get_shorter(fraction: float) -> None:
    waits = [delay_after(failures, fraction) or timedelta(0) for failures in range(1, 10)]
    assert all(former < latter for former, latter in pairwise(waits))


@given(st.integers(10, 10_000), fractions)
def test_ninth_wait_is_the_last(failures: int, fraction: float) -> None:
    assert delay_after(9, fraction) is not None
    assert delay_after(failures, fraction) is None


@given(st.timedeltas())
def test_retry_after_is_bounded(requested: timedelta) -> None:
    wait = bounded_retry_after(requested)
    assert SECOND <= wait <= DAY
    assert wait == requested or not SECOND <= requested <= DAY
