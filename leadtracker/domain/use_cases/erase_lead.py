"""Erase a person."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.access import Actor, Permission
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.history import Action, entry
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.link_duplicates import duplicates_of, release_duplicates


@frozen
class EraseLead:
    """Remove a lead with all that is known about the person.

    What stays is that there was one: sealed counts, and a history without personal data. Leads that were
    linked to it stay, too, and become what they would be without it, unless they are erased along.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_id: str, *, with_duplicates: bool = False) -> None:
        """Erase a lead, and its duplicates if they are asked for.

        Raises:
            PermissionDenied: the actor may not erase leads.
            LeadNotFound: there is no such lead.
        """
        actor.require(Permission.LEAD_ERASE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            if with_duplicates:
                for duplicate in list(duplicates_of(tx, lead_id)):
                    _erase(tx, actor, tx.leads.get(duplicate.id), now)
            else:
                # The address must be free before a duplicate can become its first lead.
                lead = evolve(lead, email=EmailAddress("", f"erased {lead_id}")).changed(now)
                tx.leads.save(lead)
                release_duplicates(tx, actor, lead_id, now)
            _erase(tx, actor, lead, now)
            tx.commit()


def _erase(tx: UnitOfWork, actor: Actor, lead: Lead, now: datetime) -> None:
    tx.follow_ups.erase(lead.id)
    tx.idempotency.erase(lead.id)
    tx.outbox.erase(lead.id)
    tx.leads.erase(lead.id)
    tx.history.blank(lead.id)
    tx.history.append([entry(lead.changed(now), actor, Action.ERASED, now)])
