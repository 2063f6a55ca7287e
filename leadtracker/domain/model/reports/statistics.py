"""Statistics of a cohort: the leads received within a time range."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from attrs import field, frozen

MAX_SOURCES = 100
_MICROSECOND = timedelta(microseconds=1)


def most_frequent(
    counted: Iterable[tuple[str | None, int]], limit: int | None = MAX_SOURCES
) -> dict[str | None, int]:
    """Return the most frequent names in descending order, at most ``limit``; equal ones by name."""
    return dict(sorted(counted, key=lambda one: (-one[1], one[0] or ""))[:limit])


@frozen
class Funnel:
    """The conversion funnel of a cohort; each number is a part of the one before.

    Attributes:
        captured: the number of leads.
        reached_out: the number of contacted leads, including those lost afterwards.
        converted: the number of converted leads.
    """

    captured: int
    reached_out: int
    converted: int


@frozen
class Delays:
    """The times to first contact of a cohort's contacted leads; None if there are none.

    Percentiles are interpolated linearly, as PERCENTILE_CONT in SQL.
    """

    contacted: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, contacted: int, waits: Callable[[int], Sequence[timedelta]]) -> "Delays":
        """Compute the percentiles.

        Args:
            contacted: the number of contacted leads.
            waits: returns the n-th shortest time, counted from 0, and the next one if there is one.
        """

        def percentile(percent: int) -> timedelta | None:
            if contacted == 0:
                return None
            below, part = divmod((contacted - 1) * percent, 100)
            shorter, *longer = waits(below)
            return shorter + (longer[0] - shorter) * part / 100 if part else shorter

        return cls(contacted, percentile(50), percentile(90))

    @classmethod
    def of_all(cls, delays: Sequence[timedelta]) -> "Delays":
        """Compute the percentiles of sorted times."""
        return cls.of(len(delays), lambda rank: delays[rank : rank + 2])


_STEPS_PER_DOUBLING = 8
_EDGES = sorted({round(2 ** (step / _STEPS_PER_DOUBLING)) for step in range(60 * _STEPS_PER_DOUBLING)})
"""Where the bins of a histogram begin, in microseconds: each is about a tenth longer than the one before."""


@frozen
class DelayHistogram:
    """How many times to first contact lie in each bin; histograms of disjoint cohorts can be added up.

    Attributes:
        bins: by the index of the bin; empty bins are absent. Times below the first edge are in bin 0.
    """

    bins: Mapping[int, int] = field(factory=dict)

    @classmethod
    def of(cls, delays: Iterable[timedelta]) -> "DelayHistogram":
        """Count times."""
        return cls(dict(Counter(bisect_right(_EDGES, delay // _MICROSECOND) for delay in delays)))

    @classmethod
    def sum(cls, parts: Iterable["DelayHistogram"]) -> "DelayHistogram":
        """Add up histograms."""
        total: defaultdict[int, int] = defaultdict(int)
        for part in parts:
            for index, number in part.bins.items():  # a third of the time of Counter.update
                total[index] += number
        return cls(dict(total))

    @property
    def number(self) -> int:
        """The number of times."""
        return sum(self.bins.values())

    def locate(self, rank: int) -> tuple[timedelta | None, int]:
        """Find the ``rank``-th shortest time, counted from 0.

        Returns:
            Where its bin begins, None for the first bin, and the number of shorter times in the bin.
        """
        for index in sorted(self.bins):
            if rank < self.bins[index]:
                return (_EDGES[index - 1] * _MICROSECOND if index else None), rank
            rank -= self.bins[index]
        raise IndexError(rank)
