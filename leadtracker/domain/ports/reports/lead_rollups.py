"""Port: stored counts of the leads of closed days and weeks."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.reports.cohort_counts import Period, Rollup
from leadtracker.domain.model.values.timestamps import TimeRange


class LeadRollups(Protocol):
    """Stores rollups, and which of them leads have changed since.

    Lead repositories record every change of a stored lead themselves, in the same unit of work. They do not
    record new leads whose ``created_at`` is now, because their day is not closed yet.
    """

    def current(self, zone: str, period: Period, time_range: TimeRange) -> list[Rollup]:
        """Return the rollups that lie within a range, in chronological order.

        Those whose leads have changed since are not current and left out.

        Args:
            zone: the IANA name of the time zone in which the periods begin and end.
            period: the length of the rollups.
            time_range: the range.
        """
        ...

    def starts(self, zone: str, period: Period) -> set[datetime]:
        """Return when the periods of all current rollups begin."""
        ...

    def begin(self, time_range: TimeRange) -> None:
        """Delete the changes of the leads within a range, before the caller counts them.

        Until the unit of work ends, no other one can do the same, so that no older count replaces a newer
        one. A change that is committed in the meantime stays recorded.
        """
        ...

    def put(self, zone: str, rollup: Rollup) -> None:
        """Store a rollup in place of the previous one of its period."""
        ...

    def remove_other_zones(self, zone: str) -> None:
        """Delete the rollups of other time zones, which nothing reads any more."""
        ...

    def record_change(self, created_at: datetime) -> None:
        """Record that leads with this ``created_at`` have come, changed or gone."""
        ...
