"""Read one lead by its id, or list and export many by a filter."""

from collections.abc import Collection, Iterator

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.leads.queries.text_order import (
    MAX_SORTED_BY_TEXT,
    TextSort,
    page_by_text,
)
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.system import Clock, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

MAX_COUNTED = 10_000
"""The limit of the number of leads of a list, beyond which only the database needs to know."""

MAX_COUNTED_FOUND = 1_000
"""The limit of the number of leads that a search finds, or an owner's that no index counts."""

MAX_COUNTED_NARROWED = MAX_PAGE_SIZE
"""The same of a search among the leads of an owner or in some states, and of a filter by the last touch,
which look at many more leads."""

EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)


@frozen
class Count:
    """A number of leads; ``is_lower_bound`` if there are more."""

    number: int
    is_lower_bound: bool


@frozen(kw_only=True)
class GetLead:
    """Return one lead."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_id: str) -> Lead:
        """Return the lead with this id.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.leads.get(lead_id)


@frozen(kw_only=True)
class ReadLeadNames:
    """Return the names of leads, for lists of other things that are about them."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_ids: Collection[str]) -> dict[str, str]:
        """Return the full names by the id of the lead; erased and unknown leads are absent.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.leads.names(lead_ids)


@frozen(kw_only=True)
class FindLeads:
    """List leads page by page."""

    _unit_of_work: UnitOfWorkFactory
    _phones: PhoneParser

    def parse_search(self, text: str) -> Search:
        """Parse a query; phone numbers are recognised as at intake."""
        return Search.parse(text, self._phones.to_e164)

    def __call__(
        self,
        actor: Actor,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None,
        sort: Sort | TextSort = Sort.LATEST_CREATED,
    ) -> Page[Lead]:
        """Return at most ``limit`` leads that match the filter, sorted, from the cursor ``after`` on.

        Raises:
            PermissionDenied: the actor may not read leads.
            InvalidInput: more leads match than can be sorted by a text.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            if isinstance(sort, TextSort):
                ids = _ids_by_text(tx, lead_filter, limit, after, sort)
                return Page(tuple(tx.leads_by_text.leads(ids.items)), ids.next)
            return tx.leads.page(lead_filter, limit=limit, after=after, sort=sort)

    def count(
        self, actor: Actor, lead_filter: LeadFilter, sort: Sort | TextSort = Sort.LATEST_CREATED
    ) -> Count:
        """Return how many leads match the filter of a list in an order, counted up to a limit.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        limit = _max_counted(lead_filter)
        by_time = Sort.LATEST_CREATED if isinstance(sort, TextSort) else sort
        with self._unit_of_work.read_only() as tx:
            number = tx.leads.count(lead_filter, limit=limit + 1, sort=by_time)
        return Count(min(number, limit), number > limit)

    def payload(
        self,
        actor: Actor,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None,
        sort: Sort | TextSort = Sort.LATEST_CREATED,
    ) -> Page[LeadPayload]:
        """Like ``__call__``, but return JSON-ready dicts instead of ``Lead`` objects, at about half the cost.

        Raises:
            PermissionDenied: the actor may not read leads.
            InvalidInput: more leads match than can be sorted by a text.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            if isinstance(sort, TextSort):
                ids = _ids_by_text(tx, lead_filter, limit, after, sort)
                return Page(tuple(tx.leads_by_text.payload(ids.items)), ids.next)
            return tx.leads.payload(lead_filter, limit=limit, after=after, sort=sort)


def _ids_by_text(
    tx: UnitOfWork, lead_filter: LeadFilter, limit: int, after: Cursor | None, sort: TextSort
) -> Page[str]:
    """Return the ids of a page in the order of a text.

    Raises:
        InvalidInput: more leads match than can be sorted by a text.
    """
    texts = tx.leads_by_text.texts(lead_filter, sort, limit=MAX_SORTED_BY_TEXT + 1)
    if len(texts) > MAX_SORTED_BY_TEXT:
        error = InvalidValue("too-many-to-sort", max=MAX_SORTED_BY_TEXT)
        raise InvalidInput([field_error("sort", error)])
    return page_by_text(texts, sort, limit=limit, after=after)


def _max_counted(lead_filter: LeadFilter) -> int:
    is_of_owner = lead_filter.owner is not None or lead_filter.is_unowned
    if lead_filter.last_touch:
        return MAX_COUNTED_NARROWED
    if lead_filter.search is not None:
        return MAX_COUNTED_NARROWED if is_of_owner or lead_filter.states else MAX_COUNTED_FOUND
    has_state = bool(lead_filter.states) or lead_filter.is_waiting
    has_own_index = lead_filter.source is None or not (lead_filter.is_unowned or has_state)
    is_of_one_kind = lead_filter.follow_up is not None or lead_filter.duplicates is Duplicates.ONLY
    is_changed_in_range = lead_filter.updated_from is not None or lead_filter.updated_to is not None
    is_narrowed = is_of_one_kind or is_changed_in_range or bool(lead_filter.touch) or not has_own_index
    return MAX_COUNTED_FOUND if is_of_owner and is_narrowed else MAX_COUNTED


@frozen(kw_only=True)
class ExportLeads:
    """Export every lead that matches a filter, oldest first.

    Each page is read in its own transaction, so that an export of any size needs constant memory and blocks
    no writer.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_filter: LeadFilter = EVERYTHING) -> Iterator[LeadPayload]:
        """Yield the payload of each lead; without a filter, of all leads, duplicates included.

        The export is recorded in the audit log before any lead is sent.

        Raises:
            PermissionDenied: the actor may not export leads; raised before any lead is read.
        """
        actor.require(Permission.LEAD_EXPORT)
        with self._unit_of_work() as tx:
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.LEADS_EXPORTED, self._clock.now()))
            tx.commit()
        return self._pages(lead_filter)

    def _pages(self, lead_filter: LeadFilter) -> Iterator[LeadPayload]:
        after: Cursor | None = None
        while True:
            with self._unit_of_work.read_only() as tx:
                page = tx.leads.payload(lead_filter, limit=MAX_PAGE_SIZE, after=after, sort=Sort.CREATED_AT)
            yield from page.items
            if page.next is None:
                return
            after = page.next
