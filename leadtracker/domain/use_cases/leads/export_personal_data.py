"""Hand out all that is known about a person."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.leads.link_duplicates import duplicates_of


@frozen
class LeadRecord:
    """A lead with everything that belongs to it."""

    lead: Lead
    history: tuple[HistoryEntry, ...]
    follow_ups: tuple[FollowUp, ...]


@frozen
class PersonalDataExport:
    """All that is known about a person at one time: one lead, its duplicates, and what is in quarantine."""

    at: datetime
    record: LeadRecord
    duplicates: tuple[LeadRecord, ...]
    quarantined_leads: tuple[QuarantinedLead, ...]


@frozen(kw_only=True)
class ExportPersonalData:
    """Collect what a person has the right to be told."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_id: str) -> PersonalDataExport:
        """The lead with its duplicates, their histories and follow-ups, and what their resumes are called.

        And what is in quarantine from the same address.

        Raises:
            PermissionDenied: the actor may not export leads.
            LeadNotFound: there is no such lead.
        """
        actor.require(Permission.LEAD_EXPORT)
        with self._unit_of_work.snapshot() as tx:
            lead = tx.leads.get(lead_id)
            duplicates = tuple(_record(tx, duplicate) for duplicate in duplicates_of(tx, lead_id))
            quarantined_leads = tuple(tx.quarantine.of(lead.email.key))
            return PersonalDataExport(self._clock.now(), _record(tx, lead), duplicates, quarantined_leads)


def _record(tx: UnitOfWork, lead: Lead) -> LeadRecord:
    return LeadRecord(lead, tuple(tx.history.of(lead.id)), tuple(tx.follow_ups.of(lead.id)))
