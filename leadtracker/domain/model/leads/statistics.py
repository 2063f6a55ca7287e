"""Numbers about the leads of one cohort: those that came in within a span of time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.week import Week

MAX_SOURCES = 100


def most_frequent(counted: Iterable[tuple[str | None, int]]) -> dict[str | None, int]:
    """The MAX_SOURCES most frequent of counted sources, those first; equally frequent ones by name."""
    return dict(sorted(counted, key=lambda one: (-one[1], one[0] or ""))[:MAX_SOURCES])


@frozen
class Funnel:
    """How far the leads of a cohort have come; each number is part of the one before.

    Attributes:
        captured: all of them.
        reached_out: those the staff have contacted, even if they were lost afterwards.
        converted: those that became clients.
    """

    captured: int
    reached_out: int
    converted: int


@frozen
class Delays:
    """How long the contacted leads of a cohort waited for it; None if there are none.

    Percentiles are interpolated between the two nearest values, as PERCENTILE_CONT in SQL does.
    """

    contacted: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, contacted: int, waits: Callable[[int], Sequence[timedelta]]) -> "Delays":
        """The delays of so many leads.

        ``waits(n)`` gives the n-th shortest, counted from 0, and the one after it if there is one.
        """

        def percentile(percent: int) -> timedelta | None:
            if contacted == 0:
                return None
            below, part = divmod((contacted - 1) * percent, 100)
            shorter, *longer = waits(below)
            return shorter + (longer[0] - shorter) * part / 100 if part else shorter

        return cls(contacted, percentile(50), percentile(90))


@frozen(kw_only=True)
class CohortStatistics:
    """The numbers of a cohort. Duplicates are not in it.

    Attributes:
        by_source: the most frequent first, at most MAX_SOURCES; None stands for leads without a source.
        by_week: in order; weeks without leads are left out.
    """

    by_state: Mapping[LeadState, int]
    by_source: Mapping[str | None, int]
    by_week: tuple[tuple[Week, int], ...]
    funnel: Funnel
    time_to_contact: Delays
