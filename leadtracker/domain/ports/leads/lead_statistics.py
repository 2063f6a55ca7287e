"""Port: numbers about many leads at once."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.statistics import Delays
from leadtracker.domain.model.time_range import TimeRange


class LeadStatistics(Protocol):
    """Counts the leads that were created within a span and are not duplicates."""

    def by_state(self, time_range: TimeRange) -> dict[LeadState, int]:
        """How many are in each state; states without leads may be missing."""
        ...

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        """How many came from each of the MAX_SOURCES most frequent sources, those first."""
        ...

    def count(self, time_range: TimeRange) -> int:
        """How many there are."""
        ...

    def next_created(self, time_range: TimeRange) -> datetime | None:
        """When the first of them was created."""
        ...

    def lost_after_contact(self, time_range: TimeRange) -> int:
        """How many were contacted and are lost."""
        ...

    def delays(self, time_range: TimeRange) -> Delays:
        """How long those that were contacted had waited for it."""
        ...
