"""Find leads: one by its id, many by a filter."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload, LeadPayloadPage
from leadtracker.domain.model.leads.lead_query import (
    MAX_PAGE_SIZE,
    Cursor,
    Duplicates,
    LeadFilter,
    LeadPage,
    Sort,
)
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)


@frozen(kw_only=True)
class GetLead:
    """Show one lead."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_id: str) -> Lead:
        """The lead with that id.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: there is none.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.leads.get(lead_id)


@frozen(kw_only=True)
class FindLeads:
    """List leads page by page."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(
        self,
        actor: Actor,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPage:
        """At most ``limit`` leads that meet the filter, in the order of ``sort``, beginning behind ``after``.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.leads.page(lead_filter, limit=limit, after=after, sort=sort)

    def payload(
        self,
        actor: Actor,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> LeadPayloadPage:
        """As calling it, but what other programs are told of each lead, which takes half the time.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.leads.payload(lead_filter, limit=limit, after=after, sort=sort)


@frozen(kw_only=True)
class ExportLeads:
    """Hand out every lead that meets a filter, oldest first.

    Each page is read on its own, so an export of any size holds neither memory nor the store.
    """

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_filter: LeadFilter = EVERYTHING) -> Iterator[LeadPayload]:
        """The leads' facts, one after the other; without a filter all of them, duplicates included.

        Raises:
            PermissionDenied: the actor may not export leads; raised before the first lead is asked for.
        """
        actor.require(Permission.LEAD_EXPORT)
        return self._pages(lead_filter)

    def _pages(self, lead_filter: LeadFilter) -> Iterator[LeadPayload]:
        after: Cursor | None = None
        while True:
            with self._unit_of_work.read_only() as tx:
                page = tx.leads.payload(lead_filter, limit=MAX_PAGE_SIZE, after=after, sort=Sort.CREATED_AT)
            yield from page.leads
            if page.next is None:
                return
            after = page.next
