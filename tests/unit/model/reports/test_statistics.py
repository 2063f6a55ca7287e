"""Delays: percentiles as SQL's PERCENTILE_CONT and the statistics module have them."""

import statistics
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.reports.statistics import Delays


def pairs_of(delays: list[timedelta]) -> Callable[[int], list[timedelta]]:
    """A delay and the next one, as a store gives them."""
    return lambda rank: delays[rank : rank + 2]


def test_no_contacted_leads_have_no_delay() -> None:
    assert Delays.of(0, pairs_of([])) == Delays(0, None, None)


def test_single_delay_is_every_percentile() -> None:
    hour = timedelta(hours=1)
    assert Delays.of(1, pairs_of([hour])) == Delays(1, hour, hour)


def test_percentiles_lie_between_neighbours() -> None:
    waits = [timedelta(minutes=minutes) for minutes in range(0, 40, 10)]
    assert Delays.of(4, pairs_of(waits)) == Delays(4, timedelta(minutes=15), timedelta(minutes=27))


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50).map(sorted))
def test_percentiles_equal_the_statistics_module(seconds: list[int]) -> None:
    delays = Delays.of(len(seconds), pairs_of([timedelta(seconds=number) for number in seconds]))
    deciles = statistics.quantiles(seconds, n=10, method="inclusive")
    assert delays.median is not None
    assert delays.p90 is not None
    assert delays.median.total_seconds() == pytest.approx(statistics.median(seconds), abs=1e-5)
    assert delays.p90.total_seconds() == pytest.approx(deciles[-1], abs=1e-5)
