"""Leads in memory."""

from collections.abc import Collection, Sequence
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import DuplicateLead, LeadNotFound, VersionConflict
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.leads.fields import Touch
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload, lead_payload
from leadtracker.domain.model.leads.lifecycle import OPEN_STATES, LeadState
from leadtracker.domain.model.leads.queries.lead_query import NEVER, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import search_terms
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.leads.lead_repository import EnquiriesFull, LeadRepository
from tests.support.memory.store import Transaction


def with_last_touch(lead: Lead, transaction: Transaction) -> Lead:
    """Return a lead with the touch of its latest duplicate, which databases read with every lead."""
    if not lead.enquiries and lead.last_touch is None:
        return lead
    leads = transaction.tables.leads.values() if lead.enquiries else ()
    enquiries = [one for one in leads if one.duplicate_of == lead.id]
    latest = max(enquiries, key=lambda one: (one.created_at, one.id), default=None)
    return evolve(lead, last_touch=None if latest is None else latest.touch)


@frozen
class MemoryLeadRepository(LeadRepository):
    """An in-memory ``LeadRepository``, whose time for a page grows with the number of leads."""

    _transaction: Transaction

    def add(self, lead: Lead, assignment: Assignment = Assignment.NONE) -> None:
        tables = self._transaction.for_writing()
        primary = tables.primary_leads.get(lead.identity)
        if primary is not None:
            raise DuplicateLead(primary)
        self._store(self._assigned(lead, assignment))

    def add_all(self, leads: Sequence[Lead]) -> dict[str, str]:
        primary_leads = self._transaction.for_writing().primary_leads
        for lead in leads:
            if lead.identity not in primary_leads:
                self._store(lead)
        return {lead.identity: primary_leads[lead.identity] for lead in leads}

    def add_or_mark_duplicate(
        self, lead: Lead, assignment: Assignment = Assignment.NONE, max_waiting: int | None = None
    ) -> None:
        tables = self._transaction.for_writing()
        primary = tables.primary_leads.get(lead.identity)
        if primary and max_waiting and len(self.open_enquiries(primary, limit=max_waiting)) == max_waiting:
            raise EnquiriesFull(primary)
        owned = evolve(lead, duplicate_of=primary, owner=lead.owner or self._enabled_owner(primary))
        self._store(self._assigned(owned, assignment))
        if primary is not None:
            self.count_enquiries(primary, 1)

    def count_enquiries(self, primary_id: str, change: int) -> None:
        leads = self._transaction.for_writing().leads
        primary = leads[primary_id]
        leads[primary_id] = evolve(primary, enquiries=primary.enquiries + change)
        self._record_change(primary)

    def count_enquiry_quarantined(self, primary_id: str) -> None:
        leads = self._transaction.for_writing().leads
        if primary_id in leads:
            number = leads[primary_id].enquiries_quarantined + 1
            leads[primary_id] = evolve(leads[primary_id], enquiries_quarantined=number)

    def get(self, lead_id: str) -> Lead:
        lead = self._transaction.tables.leads.get(lead_id)
        if lead is None:
            raise LeadNotFound(lead_id)
        return with_last_touch(lead, self._transaction)

    def owners(self, lead_ids: Collection[str]) -> dict[str, str]:
        leads = self._transaction.tables.leads
        owners = {lead_id: leads[lead_id].owner for lead_id in lead_ids if lead_id in leads}
        return {lead_id: owner for lead_id, owner in owners.items() if owner}

    def names(self, lead_ids: Collection[str]) -> dict[str, str]:
        leads = self._transaction.tables.leads
        return {lead_id: leads[lead_id].full_name for lead_id in lead_ids if lead_id in leads}

    def lock_links(self) -> None:
        self._transaction.for_writing()  # there is only one writer at a time

    def save(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        before = self.get(lead.id)
        if before.version != lead.version - 1:
            raise VersionConflict(lead.id, before.version)
        primary = tables.primary_leads.get(lead.identity)
        if lead.duplicate_of is None and primary not in {None, lead.id}:
            raise DuplicateLead(str(primary))
        self._release_address(before)
        self._put(
            evolve(
                lead,
                enquiries=before.enquiries,
                enquiries_quarantined=before.enquiries_quarantined,
                hold=before.hold,
            )
        )

    def set_hold(self, lead_id: str, reason: str | None) -> None:
        leads = self._transaction.for_writing().leads
        leads[lead_id] = evolve(leads[lead_id], hold=reason)

    def erase(self, lead_id: str) -> None:
        tables = self._transaction.for_writing()
        lead = self.get(lead_id)
        self._release_address(lead)
        self._record_change(lead)
        times = {at.created_at for at in (lead, tables.leads.get(lead.duplicate_of or "")) if at}
        for key, rollup in list(tables.rollups.items()):
            if any(map(rollup.time_range.contains, times)):
                del tables.rollups[key]
        tables.erased_leads[lead_id] = lead.created_at
        tables.consents.pop(lead_id, None)
        del tables.leads[lead_id]

    def imported(self, import_id: str, *, limit: int, after: Cursor | None = None) -> list[Lead]:
        leads = self._transaction.tables.leads.values()
        places = sorted((one.created_at, one.id) for one in leads if one.import_id == import_id)
        left = [place for place in places if after is None or place > (after.at, after.id)]
        return [self.get(lead_id) for _, lead_id in left[:limit]]

    def open_enquiries(self, primary_id: str, *, limit: int) -> list[Lead]:
        leads = self._transaction.tables.leads.values()
        found = [one for one in leads if one.duplicate_of == primary_id and one.state is LeadState.PENDING]
        return sorted(found, key=lambda one: (one.created_at, one.id))[:limit]

    def save_states(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.save(lead)

    def find_primary(self, identity: str) -> Lead | None:
        primary = self._transaction.tables.primary_leads.get(identity)
        return None if primary is None else self.get(primary)

    def page(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[Lead]:
        leads = self._transaction.tables.leads.values()
        found = [
            found for lead in leads if _meets(found := with_last_touch(lead, self._transaction), lead_filter)
        ]
        found.sort(key=lambda lead: _sort_key(sort.cursor(lead)), reverse=sort.is_descending)
        if after is not None:
            found = [lead for lead in found if _is_behind(sort.cursor(lead), after, sort)]
        return Page.cut(found, limit, sort.cursor)

    def payload(
        self,
        lead_filter: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        sort: Sort = Sort.LATEST_CREATED,
    ) -> Page[LeadPayload]:
        page = self.page(lead_filter, limit=limit, after=after, sort=sort)
        return Page(tuple(map(lead_payload, page.items)), page.next)

    def count(self, lead_filter: LeadFilter, *, limit: int, sort: Sort = Sort.LATEST_CREATED) -> int:  # noqa: ARG002
        return len(self.page(lead_filter, limit=limit).items)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        leads = self._transaction.tables.leads.values()
        return sum(lead.duplicate_of is None and start <= lead.created_at < end for lead in leads)

    def _store(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        if lead.id in tables.leads:
            message = f"could not store lead {lead.id}: its id is taken"
            raise RuntimeError(message)
        self._put(lead)

    def _assigned(self, lead: Lead, assignment: Assignment) -> Lead:
        tables = self._transaction.for_writing()
        users = tables.users.values()
        names = sorted(one.name for one in users if one.is_assignable and one.disabled_at is None)
        if lead.owner or not names or assignment is Assignment.NONE:
            return lead
        if assignment is Assignment.LEAST_BUSY:
            return evolve(lead, owner=min(names, key=self._number_open))
        tables.assigned += 1
        return evolve(lead, owner=names[(tables.assigned - 1) % len(names)])

    def _number_open(self, owner: str) -> int:
        leads = self._transaction.tables.leads.values()
        return sum(lead.owner == owner and lead.state in OPEN_STATES for lead in leads)

    def _enabled_owner(self, primary: str | None) -> str | None:
        owner = None if primary is None else self.get(primary).owner
        user = self._transaction.tables.users.get(owner or "")
        return owner if user and user.disabled_at is None else None

    def _put(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        tables.leads[lead.id] = lead
        self._record_change(lead)
        if lead.duplicate_of is None:
            tables.primary_leads[lead.identity] = lead.id

    def _record_change(self, lead: Lead) -> None:
        tables = self._transaction.for_writing()
        primary = tables.leads.get(lead.duplicate_of or "")
        tables.lead_changes += tuple(one.created_at for one in (lead, primary) if one)

    def _release_address(self, lead: Lead) -> None:
        if lead.duplicate_of is None:
            del self._transaction.for_writing().primary_leads[lead.identity]


def _sort_key(cursor: Cursor) -> tuple[datetime, str]:
    return cursor.at, cursor.id


def _is_behind(cursor: Cursor, other: Cursor, sort: Sort) -> bool:
    here, there = _sort_key(cursor), _sort_key(other)
    return here < there if sort.is_descending else here > there


def _meets(lead: Lead, lead_filter: LeadFilter) -> bool:
    return (
        (lead_filter.created_from is None or lead_filter.created_from <= lead.created_at)
        and (lead_filter.created_to is None or lead.created_at < lead_filter.created_to)
        and (lead_filter.updated_from is None or lead_filter.updated_from <= lead.updated_at)
        and (lead_filter.updated_to is None or lead.updated_at < lead_filter.updated_to)
        and (not lead_filter.states or lead.state in lead_filter.states)
        and (not lead_filter.is_waiting or lead.state is LeadState.PENDING)
        and not (lead_filter.is_on_hold and lead.hold is None)
        and lead_filter.email_key in {None, lead.identity}
        and lead_filter.source in {None, lead.source}
        and all(lead.texts[name] == text for name, text in lead_filter.touch.items())
        and _has_last_touch(lead, lead_filter.last_touch)
        and lead_filter.owner in {None, lead.owner}
        and not (lead_filter.is_unowned and lead.owner)
        and lead_filter.duplicate_of in {None, lead.duplicate_of}
        and (lead_filter.follow_up is None or lead_filter.follow_up.contains(lead.follow_up_at or NEVER))
        and (lead_filter.search is None or lead_filter.search.finds(search_terms(lead)))
        and _is_listed(lead, lead_filter.duplicates)
    )


def _has_last_touch(lead: Lead, touch: Touch) -> bool:
    last = lead.last_touch or lead.touch
    return not touch or (lead.duplicate_of is None and touch.items() <= last.items())


def _is_listed(lead: Lead, duplicates: Duplicates) -> bool:
    is_primary = lead.duplicate_of is None
    return {
        Duplicates.EXCLUDE: is_primary,
        Duplicates.OPEN: is_primary or lead.state is LeadState.PENDING,
        Duplicates.INCLUDE: True,
        Duplicates.ONLY: not is_primary,
    }[duplicates]
