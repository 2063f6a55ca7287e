"""Delays: percentiles as SQL's PERCENTILE_CONT and the statistics module have them."""

import statistics
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.statistics import Delays


def test_without_contacted_leads_there_is_no_delay() -> None:
    assert Delays.of(0, [].__getitem__) == Delays(0, None, None)


def test_a_single_delay_is_every_percentile() -> None:
    hour = timedelta(hours=1)
    assert Delays.of(1, [hour].__getitem__) == Delays(1, hour, hour)


def test_percentiles_lie_between_the_two_nearest_delays() -> None:
    waits = [timedelta(minutes=minutes) for minutes in range(0, 40, 10)]
    assert Delays.of(4, waits.__getitem__) == Delays(4, timedelta(minutes=15), timedelta(minutes=27))


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50).map(sorted))
def test_they_are_those_of_the_statistics_module(seconds: list[int]) -> None:
    delays = Delays.of(len(seconds), lambda rank: timedelta(seconds=seconds[rank]))
    deciles = statistics.quantiles(seconds, n=10, method="inclusive")
    assert delays.median is not None
    assert delays.p90 is not None
    assert delays.median.total_seconds() == pytest.approx(statistics.median(seconds), abs=1e-5)
    assert delays.p90.total_seconds() == pytest.approx(deciles[-1], abs=1e-5)
