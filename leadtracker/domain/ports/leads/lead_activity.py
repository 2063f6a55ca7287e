"""Port: when something last happened to leads."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.retention import InactiveLead
from leadtracker.domain.model.values.paging import Cursor


class LeadActivity(Protocol):
    """Finds the primary leads to which nothing has happened for long; see ``InactiveLead`` for what counts.

    Leads on hold are none of them, and neither are leads with a duplicate on hold.
    """

    def inactive(
        self, state: LeadState, before: datetime, *, limit: int, after: Cursor | None = None
    ) -> list[InactiveLead]:
        """Return at most ``limit`` leads in a state whose last activity is earlier than ``before``.

        They are in the order of their last change; the cursor has that time.
        """
        ...

    def count(self, state: LeadState, before: datetime, *, limit: int) -> int:
        """Return the number of leads that ``inactive`` finds, or ``limit`` if there are at least so many."""
        ...

    def last(self, lead_id: str) -> datetime | None:
        """Return the last activity of a lead and its duplicates; None if no lead has that id."""
        ...
