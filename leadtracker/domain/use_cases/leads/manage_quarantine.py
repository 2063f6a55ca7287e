"""List, release, delete and purge quarantined leads."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Permission
from leadtracker.domain.model.intake.quarantined_lead import (
    MAX_QUARANTINE_AGE,
    QuarantineCursor,
    QuarantinedLead,
    QuarantinedLeadPage,
)
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.leads.answer_enquiries import record_enquiry


@frozen(kw_only=True)
class ManageQuarantine:
    """Let users decide about quarantined leads, and purge those that are left undecided."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications

    def page(self, actor: Actor, *, limit: int, after: QuarantineCursor | None) -> QuarantinedLeadPage:
        """Return at most ``limit`` quarantined leads, newest first, from the cursor ``after`` on.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.quarantine.page(limit=limit, after=after)

    def release(self, actor: Actor, quarantined_lead_id: str) -> Lead:
        """Turn a quarantined lead into a lead, with the notifications of a new lead.

        The lead keeps its id and creation time, so it counts for the week of that time, unless that week is
        sealed. Its files stay in the database, even if files are kept in object storage.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            QuarantinedLeadNotFound: no quarantined lead has this id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            quarantined_lead = tx.quarantine.get(quarantined_lead_id)
            files = tx.quarantine.files_of(quarantined_lead_id)
            tx.leads.add_or_mark_duplicate(quarantined_lead.lead)
            lead = tx.leads.get(quarantined_lead.lead.id)
            for file_id, file in files.items():
                tx.files.put(lead.id, file, file_id)
            _record(tx, actor, quarantined_lead, lead, now)
            record_enquiry(tx, lead, actor, now)
            self._notifications.lead_created(tx, lead, now)
            tx.quarantine.remove(quarantined_lead_id)
            tx.commit()
        return lead

    def delete(self, actor: Actor, quarantined_lead_id: str) -> None:
        """Delete a quarantined lead permanently.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            QuarantinedLeadNotFound: no quarantined lead has this id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work() as tx:
            tx.quarantine.remove(quarantined_lead_id)
            tx.idempotency.erase(quarantined_lead_id)
            tx.commit()

    def purge_expired(self) -> int:
        """Delete quarantined leads that are too old, and return their number; called by every scheduler."""
        with self._unit_of_work() as tx:
            purged = tx.quarantine.purge(self._clock.now() - MAX_QUARANTINE_AGE)
            tx.commit()
        return purged


def _record(
    tx: UnitOfWork, actor: Actor, quarantined_lead: QuarantinedLead, lead: Lead, now: datetime
) -> None:
    """Add the submission by an anonymous client and the release by the actor to the history."""
    sender = evolve(PUBLIC, request_id=quarantined_lead.request_id)
    created = entry(lead, sender, Action.CREATED, quarantined_lead.received_at, quarantined_lead.consent)
    released = entry(lead, actor, Action.RELEASED, now, quarantined_lead.reason.value)
    tx.history.append([created, released])
