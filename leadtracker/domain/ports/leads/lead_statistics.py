"""Port: numbers about the leads of one cohort."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from leadtracker.domain.model.reports.cohort_counts import CohortCounts
from leadtracker.domain.model.values.timestamps import TimeRange


class LeadStatistics(Protocol):
    """Counts primary leads by the time range in which they were created."""

    def counts(self, time_range: TimeRange) -> CohortCounts:
        """Return the numbers of the leads by state, source, owner, lost reason and touch.

        All leads of the range are read.
        """
        ...

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        """Return the number of leads by source, for the MAX_SOURCES most frequent, in descending order."""
        ...

    def count(self, time_range: TimeRange) -> int:
        """Return the number of leads."""
        ...

    def next_created(self, time_range: TimeRange) -> datetime | None:
        """Return when the earliest lead was created; None if there is none."""
        ...

    def last_captured(self, source: str | None, time_range: TimeRange) -> datetime | None:
        """Return when the latest lead of a source was created, without imported ones; None if there is none.

        The source None stands for the leads without a source, as in ``captured_by_hour``.
        """
        ...

    def captured_by_hour(self, source: str | None, time_range: TimeRange) -> Mapping[datetime, int]:
        """Return the number of leads of a source by full hour in UTC, without imported ones."""
        ...

    def delays(self, time_range: TimeRange) -> list[timedelta]:
        """Return how long the contacted leads had waited for their first contact, sorted.

        All of them are read, so the range should be short.
        """
        ...

    def delays_from(
        self, time_range: TimeRange, shortest: timedelta | None, *, skipped: int
    ) -> list[timedelta]:
        """Return two of the sorted ``delays`` that are not below ``shortest``, after some that are skipped.

        Those of other ranges are read, too, but only from ``shortest`` on.
        """
        ...
