"""Port: stored leads."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor, Page


class EnquiriesFull(Exception):
    """The person has so many waiting duplicates that this one was not stored; never leaves the use case."""

    def __init__(self, primary_id: str) -> None:
        self.primary_id = primary_id
        super().__init__(primary_id)


class LeadRepository(Protocol):
    """Stores and finds leads.

    At any time, and under any concurrency, at most one lead per identity has ``duplicate_of`` None.
    """

    def add(self, lead: Lead, assignment: Assignment = Assignment.NONE) -> None:
        """Store a lead as the primary lead of its identity.

        One without an owner gets one by ``assignment``, if there is an assignable user; the stored lead has
        it. Turns and numbers of open leads are exact under any concurrency.

        Raises:
            DuplicateLead: the key has a primary lead, whose id the error carries; nothing was stored and the
                transaction stays usable.
        """
        ...

    def add_all(self, leads: Sequence[Lead]) -> dict[str, str]:
        """Store several leads of different identities, each unless its identity has a primary lead.

        Returns:
            The id of the primary lead of each identity: that of the given lead if it was stored.
        """
        ...

    def add_or_mark_duplicate(
        self, lead: Lead, assignment: Assignment = Assignment.NONE, max_waiting: int | None = None
    ) -> None:
        """Store a lead; if its identity has a primary lead, set ``duplicate_of`` and count it there.

        A duplicate without an owner gets that of its primary lead, unless that user is disabled. Any other
        lead without an owner gets one by ``assignment``, as by ``add``.

        The work is the same in both cases, so that the response time does not reveal known addresses.
        Callers that need the stored lead read it with ``get``.

        Args:
            lead: the lead.
            assignment: how it gets an owner.
            max_waiting: the maximum number of waiting duplicates of a person; None for no limit.

        Raises:
            EnquiriesFull: the person has that many. It is raised with the commit at the latest, and the unit
                of work cannot be continued.
        """
        ...

    def count_enquiry_quarantined(self, primary_id: str) -> None:
        """Add one to the ``enquiries_quarantined`` of a lead; does nothing if there is no such lead."""
        ...

    def count_enquiries(self, primary_id: str, change: int) -> None:
        """Add ``change`` to the ``enquiries`` of a primary lead; to be called when duplicates come or go.

        ``save`` never stores this number, since it changes without a new version.
        """
        ...

    def get(self, lead_id: str) -> Lead:
        """Return the lead with that id; a writing unit of work locks it until its end.

        Raises:
            LeadNotFound: no lead has that id.
        """
        ...

    def owners(self, lead_ids: Collection[str]) -> dict[str, str]:
        """Return the names of the owners of the leads that have one, by the id of the lead; locks nothing."""
        ...

    def names(self, lead_ids: Collection[str]) -> dict[str, str]:
        """Return the full names of the leads that are stored, by the id of the lead; locks nothing."""
        ...

    def lock_links(self) -> None:
        """Lock linking, unlinking and erasure until the end of the unit of work.

        These lock several leads in any order; the common lock prevents deadlocks between them.
        """
        ...

    def save(self, lead: Lead) -> None:
        """Store the next version of a lead.

        Raises:
            LeadNotFound: no lead has that id.
            VersionConflict: the stored version is not the previous one.
            DuplicateLead: the lead is primary, but its identity has another primary lead; nothing was
                stored and the transaction stays usable.
        """
        ...

    def set_hold(self, lead_id: str, reason: str | None) -> None:
        """Store the reason of a lead's legal hold, or that it has none; makes no new version.

        ``save`` never stores it, so that a change of the lead and one of its hold do not meet.
        """
        ...

    def erase(self, lead_id: str) -> None:
        """Delete a lead and its search terms; no duplicate may link to it.

        Raises:
            LeadNotFound: no lead has that id.
        """
        ...

    def imported(self, import_id: str, *, limit: int, after: Cursor | None = None) -> list[Lead]:
        """Return at most ``limit`` leads that an import created, after a cursor, oldest first.

        A writing unit of work locks them until its end.
        """
        ...

    def open_enquiries(self, primary_id: str, *, limit: int) -> list[Lead]:
        """Return at most ``limit`` duplicates of a lead in the state ``PENDING``, oldest first.

        A writing unit of work locks them until its end.
        """
        ...

    def save_states(self, leads: Sequence[Lead]) -> None:
        """Store the states of leads that this unit of work has locked, with their versions and times."""
        ...

    def find_primary(self, identity: str) -> Lead | None:
        """Return the primary lead of an identity; None if there is none."""
        ...

    def page(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[Lead]:
        """Return at most ``limit`` leads that match the filter, after the cursor ``after``.

        Sorted by creation, a page takes a time that depends on ``limit``, not on the number of leads. The
        results of a search that were created within the same second have an arbitrary but stable order.
        """
        ...

    def payload(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[LeadPayload]:
        """Return the payloads of the leads that ``page`` returns, at a lower cost: no ``Lead`` is built."""
        ...

    def count(self, lead_filter: LeadFilter, *, limit: int, sort: Sort = Sort.LATEST_CREATED) -> int:
        """Return the number of leads that match the filter, or ``limit`` if there are at least so many.

        The work grows with ``limit``, not with the number of leads. ``sort`` is the order of
        the list, so that both read the same index; the result does not depend on it.
        """
        ...

    def count_for_report(self, start: datetime, end: datetime) -> int:
        """Return the number of primary leads with start ≤ created_at < end."""
        ...
