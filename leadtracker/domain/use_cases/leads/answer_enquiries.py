"""Repeat enquiries: answered by any contact with the person.

A repeat enquiry is a duplicate that came in after its primary lead. It waits for an answer as every new lead
does; one contact with the person answers all their open enquiries.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from attrs import evolve, frozen

from leadtracker.domain.errors import LeadNotFound
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.history import Action, HistoryEntry, entries_between
from leadtracker.domain.model.leads.lead import ChangedLead, Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

MAX_ANSWERED = 200
"""The maximum number of repeat enquiries that one transaction answers."""


class Contact(StrEnum):
    """The ways in which users contact a person, as sentences for the history."""

    MAIL = "A mail was sent to the prospect."
    FOLLOW_UP = "A follow-up was done."
    STATE_CHANGE = "The state of another enquiry of this person was changed."


def answer_enquiries(
    tx: UnitOfWork, actor: Actor, lead: Lead, contact: Contact, now: datetime
) -> list[ChangedLead]:
    """Change the other open enquiries of a person to ``REACHED_OUT``, the oldest ``MAX_ANSWERED`` of them.

    The caller must have called ``LeadRepository.lock_links``, because this locks several leads.

    Args:
        tx: the unit of work of the contact.
        actor: the user who contacted the person.
        lead: the lead by which the person was contacted, as it is stored now.
        contact: the way of contact, for the history.
        now: the time of the contact; later enquiries stay open.

    Returns:
        Each changed lead, before and after.
    """
    changes = [
        ChangedLead(one, one.with_state(LeadState.REACHED_OUT, now).changed(now))
        for one in _open_enquiries(tx, lead)
        if one.id != lead.id and one.created_at <= now
    ]
    tx.leads.save_states([one.after for one in changes])
    for before, answered in changes:
        tx.history.append(reasoned(entries_between(before, answered, actor), contact))
    return changes


@frozen(kw_only=True)
class AnswerRemaining:
    """Answer the enquiries that the unit of work of a contact has left open, because there were too many.

    Anyone can send thousands of enquiries. All of them in one transaction would keep others from writing for
    as long as it takes.
    """

    _unit_of_work: UnitOfWorkFactory
    _notifications: Notifications

    def __call__(
        self, actor: Actor, answered: Sequence[ChangedLead], contact: Contact, now: datetime
    ) -> list[ChangedLead]:
        """Answer them in several transactions, and return each changed lead.

        Args:
            actor: as for ``answer_enquiries``.
            answered: the changed leads so far: that of the contact, then what ``answer_enquiries`` returned.
            contact: as for ``answer_enquiries``.
            now: as for ``answer_enquiries``.
        """
        lead, changes = answered[0].after, list[ChangedLead]()
        is_complete = len(answered) <= MAX_ANSWERED
        while not is_complete:
            with self._unit_of_work() as tx:
                tx.leads.lock_links()
                more = answer_enquiries(tx, actor, lead, contact, now)
                for before, after in more:
                    self._notifications.lead_changed(tx, before, after)
                tx.commit()
            changes += more
            is_complete = len(more) < MAX_ANSWERED
        return changes


def reasoned(entries: Iterator[HistoryEntry], contact: Contact) -> Iterator[HistoryEntry]:
    """Give the entries of state changes the reason of the change as their note."""
    for one in entries:
        yield evolve(one, note=contact.value) if one.action is Action.STATE_CHANGED else one


def _open_enquiries(tx: UnitOfWork, lead: Lead) -> list[Lead]:
    """Return waiting leads of the person: the primary lead and its oldest duplicates."""
    primary = lead
    if lead.duplicate_of is not None:
        try:
            primary = tx.leads.get(lead.duplicate_of)
        except LeadNotFound:  # erased since
            return []
    first = [primary] if primary.state is LeadState.PENDING else []
    return first + tx.leads.open_enquiries(primary.id, limit=MAX_ANSWERED)
