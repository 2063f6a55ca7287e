"""Port: the leads that are kept."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayloadPage
from leadtracker.domain.model.leads.lead_query import Cursor, LeadFilter, LeadPage, Sort


class LeadRepository(Protocol):
    """Stores leads and finds them again.

    At any time, and under any concurrency, at most one lead per e-mail key has ``duplicate_of`` None.
    """

    def add(self, lead: Lead) -> None:
        """Store a lead as the first of its e-mail key.

        Raises:
            DuplicateLead: with the primary lead's id; nothing was stored and the transaction can go on.
        """
        ...

    def add_or_mark_duplicate(self, lead: Lead) -> None:
        """Store a lead in any case; with ``duplicate_of`` set if its e-mail key is known already.

        It does the same work whether the key is known or not, so that the time tells nothing; whoever
        must know asks with ``get``.
        """
        ...

    def get(self, lead_id: str) -> Lead:
        """The lead with that id; in a unit of work that may write, nobody else changes it meanwhile.

        Raises:
            LeadNotFound: there is none.
        """
        ...

    def lock_links(self) -> None:
        """Wait until nobody else links, unlinks or erases, and keep others waiting until this ends.

        These touch several leads at once, in any order; without it two of them could wait for each other.
        """
        ...

    def save(self, lead: Lead) -> None:
        """Store the next version of a lead.

        Raises:
            LeadNotFound: there is none.
            VersionConflict: the stored version is not the one before.
            DuplicateLead: it has no ``duplicate_of``, but another lead is the first of its e-mail key;
                nothing was stored and the transaction can go on.
        """
        ...

    def erase(self, lead_id: str) -> None:
        """Remove a lead with everything by which it could be found; nothing may link to it.

        Raises:
            LeadNotFound: there is none.
        """
        ...

    def find_primary(self, email_key: str) -> Lead | None:
        """The lead that is the first of its e-mail key, if there is one."""
        ...

    def page(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPage:
        """At most ``limit`` leads that meet the filter, beginning behind ``after``.

        The time a page takes depends on ``limit``, not on how many leads there are or came before, as
        long as they are sorted by creation and either few leads or many meet the filter. Of a search,
        leads created within the same second may come in any order, but always in the same.
        """
        ...

    def payload(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPayloadPage:
        """What ``lead_payload`` says of the leads of that ``page``, for less work: no lead is made for it."""
        ...

    def count_for_report(self, start: datetime, end: datetime) -> int:
        """How many leads with start ≤ created_at < end are not duplicates."""
        ...
