"""Port: numbers about the leads of one cohort."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import Delays, SourceProgress
from leadtracker.domain.model.values.timestamps import TimeRange


class LeadStatistics(Protocol):
    """Counts primary leads by the time range in which they were created."""

    def by_state(self, time_range: TimeRange) -> dict[LeadState, int]:
        """Return the number of leads by state; states without leads may be absent."""
        ...

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        """Return the number of leads by source, for the MAX_SOURCES most frequent, in descending order."""
        ...

    def progress_by_source(self, time_range: TimeRange) -> dict[str | None, SourceProgress]:
        """Return how many leads of each source were contacted and converted; sources with none are absent."""
        ...

    def by_owner(self, time_range: TimeRange) -> dict[str | None, int]:
        """Return the number of leads by owner, in descending order; None stands for unowned leads."""
        ...

    def by_lost_reason(self, time_range: TimeRange) -> dict[str | None, int]:
        """Return the number of lost leads by reason, for the MAX_SOURCES most frequent, descending."""
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

    def lost_after_contact(self, time_range: TimeRange) -> int:
        """Return the number of leads that were contacted and are lost."""
        ...

    def delays(self, time_range: TimeRange) -> Delays:
        """Return how long the contacted leads had waited for their first contact."""
        ...
