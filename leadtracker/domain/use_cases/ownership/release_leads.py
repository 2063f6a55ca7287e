"""Make the open leads of a disabled user unowned, so that other users take them over."""

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import OPEN_STATES, LeadState
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE, Duplicates, LeadFilter, Sort
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen(kw_only=True)
class ReleaseLeads:
    """Clear the owner of all open leads of a user who gets no new ones.

    Each batch is a separate transaction, so that captures do not wait long. An interrupted call is
    continued by the next one. Converted and lost leads keep their owner, for statistics.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications

    def __call__(self, actor: Actor, owner: str) -> None:
        """Release the leads of the user ``owner`` on behalf of ``actor``."""
        for state in OPEN_STATES:
            while self._release_batch(actor, owner, state):
                pass

    def _release_batch(self, actor: Actor, owner: str, state: LeadState) -> int:
        """Release some leads, and return their number."""
        lead_filter = LeadFilter(owner=owner, states=frozenset([state]), duplicates=Duplicates.INCLUDE)
        with self._unit_of_work() as tx:
            tx.leads.lock_links()  # this locks several leads
            found = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE, sort=Sort.CREATED_AT).items
            for lead in found:
                self._release(tx, actor, owner, tx.leads.get(lead.id))  # read again, now with its lock
            tx.commit()
        return len(found)

    def _release(self, tx: UnitOfWork, actor: Actor, owner: str, lead: Lead) -> None:
        if lead.owner != owner:
            return
        released = evolve(lead, owner=None).changed(self._clock.now())
        tx.leads.save(released)
        tx.history.append(entries_between(lead, released, actor))
        self._notifications.lead_changed(tx, lead, released)
