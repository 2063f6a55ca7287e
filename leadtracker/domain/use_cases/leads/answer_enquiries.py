"""Repeat enquiries: recorded with the primary lead, and answered by any contact with the person.

A repeat enquiry is a duplicate that came in after its primary lead. It waits for an answer as every new lead
does; one contact with the person answers all their open enquiries.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from attrs import evolve

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.history import Action, HistoryEntry, entries_between, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import (
    MAX_PAGE_SIZE,
    Cursor,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.leads.link_duplicates import LinkChange


class Contact(StrEnum):
    """The ways in which users contact a person, as sentences for the history."""

    MAIL = "A mail was sent to the prospect."
    FOLLOW_UP = "A follow-up was done."
    STATE_CHANGE = "The state of another enquiry of this person was changed."


def record_enquiry(tx: UnitOfWork, lead: Lead, actor: Actor, now: datetime) -> None:
    """Record a stored lead in the history of its primary lead, if it is a duplicate; the note is its id."""
    tx.history.append_to_primary(entry(lead, actor, Action.ENQUIRED_AGAIN, now, lead.id))


def answer_enquiries(
    tx: UnitOfWork, actor: Actor, lead: Lead, contact: Contact, now: datetime
) -> list[LinkChange]:
    """Change the other open enquiries of a person to ``REACHED_OUT``.

    The caller must have called ``LeadRepository.lock_links``, because this locks several leads.

    Args:
        tx: the unit of work of the contact.
        actor: the user who contacted the person.
        lead: the lead by which the person was contacted, as it is stored now.
        contact: the way of contact, for the history.
        now: the time of the contact.

    Returns:
        Each changed lead, before and after.
    """
    open_leads = [one.id for one in _open_enquiries(tx, lead) if one.id != lead.id]
    return [_answer(tx, actor, lead_id, contact, now) for lead_id in open_leads]


def reasoned(entries: Iterator[HistoryEntry], contact: Contact) -> Iterator[HistoryEntry]:
    """Give the entries of state changes the reason of the change as their note."""
    for one in entries:
        yield evolve(one, note=contact.value) if one.action is Action.STATE_CHANGED else one


def _answer(tx: UnitOfWork, actor: Actor, lead_id: str, contact: Contact, now: datetime) -> LinkChange:
    lead = tx.leads.get(lead_id)  # read again, because the row is locked only now
    if lead.state is not LeadState.PENDING:
        return lead, lead
    answered = lead.with_state(LeadState.REACHED_OUT, now).changed(now)
    tx.leads.save(answered)
    tx.history.append(reasoned(entries_between(lead, answered, actor), contact))
    return lead, answered


def _open_enquiries(tx: UnitOfWork, lead: Lead) -> Iterator[Lead]:
    """Yield the waiting leads of the person: the primary lead and its duplicates."""
    primary = lead if lead.duplicate_of is None else tx.leads.get(lead.duplicate_of)
    if primary.state is LeadState.PENDING:
        yield primary
    if not primary.enquiries:
        return
    lead_filter = LeadFilter(duplicate_of=primary.id, duplicates=Duplicates.ONLY, is_waiting=True)
    after: Cursor | None = None
    while True:
        page = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE, after=after, sort=Sort.CREATED_AT)
        yield from page.leads
        after = page.next
        if after is None:
            return
