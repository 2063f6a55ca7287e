"""Look at what looks like spam, and decide what it is."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Permission
from leadtracker.domain.model.intake.quarantined_lead import (
    LONGEST_QUARANTINE,
    Suspect,
    SuspectPage,
    SuspectPlace,
)
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.enqueue_mail import EnqueueMail
from leadtracker.domain.use_cases.deliveries.enqueue_webhooks import EnqueueWebhooks


@frozen
class ManageQuarantine:
    """Show suspects, release and discard them; forget those that nobody cared about."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _enqueue_mail: EnqueueMail
    _enqueue_webhooks: EnqueueWebhooks

    def page(self, actor: Actor, *, limit: int, after: SuspectPlace | None) -> SuspectPage:
        """At most ``limit`` suspects, the latest first, beginning behind ``after``.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.quarantine.page(limit=limit, after=after)

    def release(self, actor: Actor, suspect_id: str) -> Lead:
        """Make a suspect the lead that it would have been, with all that follows from a new lead.

        It keeps its id and the time at which it came, so it counts for the week of that time, unless the
        number of that week is sealed already. Its file stays in the database, wherever others are kept.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            SuspectNotFound: there is none with that id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            suspect = tx.quarantine.get(suspect_id)
            file = tx.quarantine.file_of(suspect_id)
            tx.leads.add_or_link(suspect.lead)
            lead = tx.leads.get(suspect.lead.id)
            if file:
                tx.resumes.put(lead.id, file)
            _record(tx, actor, suspect, lead, now)
            self._enqueue_mail.for_new(tx, lead, now)
            self._enqueue_webhooks.created(tx, lead, now)
            tx.quarantine.remove(suspect_id)
            tx.commit()
        return lead

    def discard(self, actor: Actor, suspect_id: str) -> None:
        """Remove a suspect for good.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            SuspectNotFound: there is none with that id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work() as tx:
            tx.quarantine.remove(suspect_id)
            tx.idempotency.erase(suspect_id)
            tx.commit()

    def forget_old(self) -> int:
        """Remove those that nobody cared about, and count them; done by any scheduler."""
        with self._unit_of_work() as tx:
            forgotten = tx.quarantine.forget(self._clock.now() - LONGEST_QUARANTINE)
            tx.commit()
        return forgotten


def _record(tx: UnitOfWork, actor: Actor, suspect: Suspect, lead: Lead, now: datetime) -> None:
    """Tell in the history that the public sent it then, and who released it now."""
    sender = evolve(PUBLIC, request_id=suspect.request_id)
    created = entry(lead, sender, Action.CREATED, suspect.received_at, suspect.consent)
    released = entry(lead, actor, Action.RELEASED, now, suspect.suspicion.value)
    tx.history.append([created, released])
