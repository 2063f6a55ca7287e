"""Port: the leads that are kept."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.lead_query import Cursor, LeadFilter, LeadPage, Order


class LeadRepository(Protocol):
    """Stores leads and finds them again.

    At any time, and under any concurrency, at most one lead per e-mail key has ``duplicate_of`` None.
    """

    def add(self, lead: Lead) -> None:
        """Store a lead as the first of its e-mail key.

        Raises:
            DuplicateLead: with the first lead's id; nothing was stored and the transaction can go on.
        """
        ...

    def add_or_link(self, lead: Lead) -> Lead:
        """Store a lead in any case; with ``duplicate_of`` set if its e-mail key is known already.

        It does the same work whether the key is known or not, so that the time tells nothing.
        """
        ...

    def get(self, lead_id: str) -> Lead:
        """The lead with that id.

        Raises:
            LeadNotFound: there is none.
        """
        ...

    def page(
        self,
        wanted: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        order: Order = Order.NEWEST_FIRST,
    ) -> LeadPage:
        """At most ``limit`` leads that meet the filter, beginning behind ``after``.

        The time a page takes depends on ``limit``, not on how many leads there are or came before.
        """
        ...

    def count_for_report(self, start: datetime, end: datetime) -> int:
        """How many leads with start ≤ created_at < end are not duplicates."""
        ...
