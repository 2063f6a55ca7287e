"""Erase a person."""

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.leads.link_duplicates import duplicates_of, promote_duplicates
from leadtracker.domain.use_cases.resumes.resume_storage import ResumeStorage


@frozen(kw_only=True)
class EraseLead:
    """Remove a lead with all that is known about the person.

    What stays is that there was one: sealed counts, and a history without personal data. Leads that were
    linked to it stay, too, and become what they would be without it, unless they are erased along. What came
    from the same address and is in quarantine goes.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _resume_storage: ResumeStorage
    _notifications: Notifications

    def __call__(
        self,
        actor: Actor,
        lead_id: str,
        expected_versions: Collection[int] | None = None,
        *,
        with_duplicates: bool = False,
    ) -> None:
        """Erase a lead, and its duplicates if they are asked for.

        Args:
            actor: who asks.
            lead_id: which lead.
            expected_versions: those that the caller is ready to erase; None if any will do.
            with_duplicates: whether its duplicates go, too.

        Raises:
            PermissionDenied: the actor may not erase leads.
            LeadNotFound: there is no such lead.
            VersionConflict: the lead has none of these versions.
        """
        actor.require(Permission.LEAD_ERASE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            doomed = [lead]
            if with_duplicates:
                doomed[:0] = [tx.leads.get(duplicate.id) for duplicate in list(duplicates_of(tx, lead_id))]
            else:
                # The address must be free before a duplicate can become its primary lead.
                tx.leads.save(evolve(lead, email=EmailAddress("", f"erased {lead_id}")).changed(now))
                for before, after in promote_duplicates(tx, actor, lead_id, now):
                    self._notifications.lead_changed(tx, before, after)
            freed = [self._erase(tx, actor, one, now) for one in doomed]
            tx.commit()
        self._resume_storage.delete(freed)

    def _erase(self, tx: UnitOfWork, actor: Actor, lead: Lead, now: datetime) -> str | None:
        """Erase a lead and give the key of its resume, if that was an object."""
        tx.follow_ups.erase(lead.id)
        tx.idempotency.erase(lead.id)
        tx.deliveries.erase(lead.id)
        freed = tx.resumes.remove(lead.id)
        _erase_quarantined_leads(tx, lead.email.key)
        tx.leads.erase(lead.id)
        tx.history.redact(lead.id)
        tx.history.append([entry(lead.changed(now), actor, Action.ERASED, now)])
        self._notifications.lead_erased(tx, lead.id, now)
        return freed


def _erase_quarantined_leads(tx: UnitOfWork, email_key: str) -> None:
    for quarantined_lead in tx.quarantine.of(email_key):
        tx.idempotency.erase(quarantined_lead.id)
        tx.quarantine.remove(quarantined_lead.id)
