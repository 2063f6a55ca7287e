"""Keep links consistent: no duplicate of a duplicate, and at most one primary lead for a person."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import evolve

from leadtracker.domain.errors import DuplicateLead, InvalidInput, LeadNotFound
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import ChangedLead, Lead
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWork

MAX_RELINKED = 50
"""The maximum number of duplicates that one transaction links to another lead."""


def check_target(tx: UnitOfWork, lead: Lead, primary_id: str) -> None:
    """Check that ``lead`` may become a duplicate of the lead ``primary_id``.

    Raises:
        InvalidInput: ``primary_id`` is the lead itself, does not exist, or is a duplicate.
    """
    try:
        primary = tx.leads.get(primary_id)
    except LeadNotFound:
        raise _invalid("unknown-lead") from None
    if primary.id == lead.id:
        raise _invalid("itself")
    if primary.duplicate_of is not None:
        raise _invalid("is-duplicate", primary=primary.duplicate_of)


def check_address(tx: UnitOfWork, lead: Lead) -> None:
    """Check that a lead's address or number does not belong to another person.

    Raises:
        DuplicateLead: a primary lead of another person has it.
    """
    primary = tx.leads.find_primary(lead.identity)
    if primary is not None and primary.id not in {lead.id, lead.duplicate_of}:
        raise DuplicateLead(primary.id)


def relink_duplicates(
    tx: UnitOfWork, actor: Actor, duplicates: Iterable[Lead], new: str, now: datetime
) -> list[ChangedLead]:
    """Link duplicates to another lead, because no lead may be a duplicate of a duplicate."""
    return [_relink(tx, actor, lead.id, new, now) for lead in list(duplicates)]


def promote_duplicates(
    tx: UnitOfWork, actor: Actor, duplicates: Iterable[Lead], now: datetime
) -> list[ChangedLead]:
    """Unlink duplicates of a lead whose address is free now.

    The oldest duplicate of an address becomes its primary lead, and the others are linked to it.
    """
    relinked = []
    for lead in duplicates:
        successor = tx.leads.find_primary(lead.identity)
        relinked.append(_relink(tx, actor, lead.id, None if successor is None else successor.id, now))
    return relinked


def count_link(tx: UnitOfWork, before: Lead, after: Lead) -> None:
    """Count a lead whose link has changed at its new primary lead, and no longer at the old one."""
    if before.duplicate_of == after.duplicate_of:
        return
    for primary_id, change in ((before.duplicate_of, -1), (after.duplicate_of, 1)):
        if primary_id is not None:
            tx.leads.count_enquiries(primary_id, change)


def duplicates_of(tx: UnitOfWork, primary: str) -> Iterator[Lead]:
    """Yield the duplicates of a lead, oldest first."""
    lead_filter = LeadFilter(duplicate_of=primary, duplicates=Duplicates.ONLY)
    after: Cursor | None = None
    while True:
        page = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE, after=after, sort=Sort.CREATED_AT)
        yield from page.items
        after = page.next
        if after is None:
            return


def _relink(tx: UnitOfWork, actor: Actor, lead_id: str, primary: str | None, now: datetime) -> ChangedLead:
    lead = tx.leads.get(lead_id)  # read again, because the row is locked only now
    relinked = evolve(lead, duplicate_of=primary).changed(now)
    tx.leads.save(relinked)
    count_link(tx, lead, relinked)
    tx.history.append(entries_between(lead, relinked, actor))
    return ChangedLead(lead, relinked)


def _invalid(code: str, **data: object) -> InvalidInput:
    return InvalidInput([field_error("duplicate_of", InvalidValue(code, **data))])
