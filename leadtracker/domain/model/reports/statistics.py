"""Statistics of a cohort: the leads received within a time range."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.week import Week

MAX_SOURCES = 100


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


@frozen
class SourceProgress:
    """What became of the leads of one source.

    Attributes:
        contacted: the number of contacted leads, including those lost afterwards.
        converted: the number of converted leads.
    """

    contacted: int = 0
    converted: int = 0


@frozen(kw_only=True)
class CohortDetails:
    """Further numbers of a cohort, without duplicates; each in descending order.

    Attributes:
        progress: by source; sources without contacted or converted leads may be absent.
        by_owner: None stands for unowned leads.
        by_lost_reason: of lost leads, at most MAX_SOURCES; None stands for leads without a reason.
    """

    progress: Mapping[str | None, SourceProgress]
    by_owner: Mapping[str | None, int]
    by_lost_reason: Mapping[str | None, int]


@frozen(kw_only=True)
class CohortStatistics:
    """The numbers of a cohort, without duplicates.

    Attributes:
        by_source: in descending order, at most MAX_SOURCES; None stands for leads without a source.
        by_week: in chronological order; weeks without leads are omitted.
    """

    by_state: Mapping[LeadState, int]
    by_source: Mapping[str | None, int]
    by_week: tuple[tuple[Week, int], ...]
    funnel: Funnel
    time_to_contact: Delays
