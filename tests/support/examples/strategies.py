"""Hypothesis strategies for values of the domain."""

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from tests.support.clock import EARLIEST, LATEST

ZONES = sorted(zoneinfo.available_timezones())
YEARS = (1970, 2037)

zones = st.sampled_from(ZONES).map(ZoneInfo)


def timestamps(
    earliest: datetime = datetime(YEARS[0], 1, 1, tzinfo=UTC),
    latest: datetime = datetime(YEARS[1], 12, 31, tzinfo=UTC),
) -> st.SearchStrategy[datetime]:
    """Generate aware UTC times with microseconds."""
    first, last = earliest.replace(tzinfo=None), latest.replace(tzinfo=None)
    return st.datetimes(first, last, timezones=st.just(UTC))


any_timestamps = timestamps(EARLIEST, LATEST)

offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
fractions = st.floats(0, 1, exclude_max=True)

delivery_results = st.builds(
    DeliveryResult,
    outcome=st.sampled_from(Outcome),
    status=st.none() | st.integers(100, 599),
    retry_after=st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=3)),
)

# Code points of every kind, the troublesome ones more often than chance would have it.
troublesome = st.sampled_from("\0\t\n\r\x1c\x7f\x85\xa0\u200b\u2028\ud800\udfff\ufeff e\u0301\u212a")
wild_text = st.text(st.characters() | troublesome)

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | wild_text | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(wild_text, inner, max_size=3),
    max_leaves=5,
)
