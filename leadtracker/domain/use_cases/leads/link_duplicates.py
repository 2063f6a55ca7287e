"""What linking, unlinking and erasing mean for the other leads of a person."""

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve

from leadtracker.domain.errors import DuplicateLead, InvalidInput, LeadNotFound
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import MAX_PAGE_SIZE, Cursor, Duplicates, LeadFilter, Sort
from leadtracker.domain.ports.unit_of_work import UnitOfWork

LinkChange = tuple[Lead, Lead]
"""A lead as it was and as it is."""


def check_target(tx: UnitOfWork, lead: Lead, primary_id: str) -> None:
    """Make sure that ``lead`` can become a duplicate of the lead ``first_id``.

    Raises:
        InvalidInput: it is the lead itself, does not exist, or is a duplicate itself.
    """
    try:
        primary = tx.leads.get(primary_id)
    except LeadNotFound:
        raise InvalidInput.of("duplicate_of", "is not the id of a lead") from None
    if primary.id == lead.id:
        raise InvalidInput.of("duplicate_of", "must be another lead")
    if primary.duplicate_of is not None:
        raise InvalidInput.of("duplicate_of", f"is a duplicate itself, of {primary.duplicate_of}")


def check_address(tx: UnitOfWork, lead: Lead) -> None:
    """Make sure that a lead's address does not belong to another person.

    Raises:
        DuplicateLead: it does.
    """
    primary = tx.leads.find_primary(lead.email.key)
    if primary is not None and primary.id not in {lead.id, lead.duplicate_of}:
        raise DuplicateLead(primary.id)


def relink_duplicates(tx: UnitOfWork, actor: Actor, old: str, new: str, now: datetime) -> list[LinkChange]:
    """Link the duplicates of one lead to another: no lead is the duplicate of a duplicate."""
    return [_relink(tx, actor, lead.id, new, now) for lead in list(duplicates_of(tx, old))]


def promote_duplicates(tx: UnitOfWork, actor: Actor, old: str, now: datetime) -> list[LinkChange]:
    """Let each duplicate of a lead, whose address is nobody's any more, become what it would be without it.

    The oldest of an address becomes its primary lead, the others are linked to that one.
    """
    relinked = []
    for lead in list(duplicates_of(tx, old)):
        successor = tx.leads.find_primary(lead.email.key)
        relinked.append(_relink(tx, actor, lead.id, None if successor is None else successor.id, now))
    return relinked


def duplicates_of(tx: UnitOfWork, primary: str) -> Iterator[Lead]:
    """The duplicates of a lead, the oldest first."""
    lead_filter = LeadFilter(duplicate_of=primary, duplicates=Duplicates.ONLY)
    after: Cursor | None = None
    while True:
        page = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE, after=after, sort=Sort.CREATED_AT)
        yield from page.leads
        after = page.next
        if after is None:
            return


def _relink(tx: UnitOfWork, actor: Actor, lead_id: str, primary: str | None, now: datetime) -> LinkChange:
    lead = tx.leads.get(lead_id)  # again, now that nobody else can change it
    relinked = evolve(lead, duplicate_of=primary).changed(now)
    tx.leads.save(relinked)
    tx.history.append(entries_between(lead, relinked, actor))
    return lead, relinked
