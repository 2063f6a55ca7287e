"""Port: the leads of sealed weeks."""

from typing import Protocol

from leadtracker.domain.model.reports.sealed_leads import Difference, SealedLead
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.paging import Cursor


class SealedLeads(Protocol):
    """Stores which leads each sealed number counts, by id and time, so that it can be explained later."""

    def seal(self, week: Week) -> int:
        """Store the leads of a week as they are now; return the number of counted ones.

        To be called once for a week, in the transaction that adds its report. Counted are the primary leads
        with start ≤ created_at < end.
        """
        ...

    def counted(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        """Return the counted leads of a sealed week after a cursor, oldest first; without a limit all."""
        ...

    def excluded(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        """Return the other leads of a sealed week, each with its reason, as ``counted`` does."""
        ...

    def difference(self, week: Week) -> Difference:
        """Return what has changed since a week was sealed."""
        ...
