"""Export everything that is stored about a person (GDPR, article 15)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.errors import ResumeMissing
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.deliveries.delivery import TO_PROSPECT, Delivery
from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.intake.rejected_submission import MAX_REJECTED, RejectedSubmission
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.files.load_file import LoadFile
from leadtracker.domain.use_cases.leads.link_duplicates import duplicates_of


@frozen
class LeadRecord:
    """A lead with its history, follow-ups, mails to the prospect, and the consent that came with it."""

    lead: Lead
    history: tuple[HistoryEntry, ...]
    follow_ups: tuple[FollowUp, ...]
    mails: tuple[Delivery, ...]
    consent: Consent | None


@frozen
class PersonalDataExport:
    """A person's primary lead, its duplicates, and the quarantined leads of the same address, at one time."""

    at: datetime
    record: LeadRecord
    duplicates: tuple[LeadRecord, ...]
    quarantined_leads: tuple[QuarantinedLead, ...]
    rejected_submissions: tuple[RejectedSubmission, ...]


@frozen
class ExportedFile:
    """A file of a lead.

    Attributes:
        filename: the sender's name for it; never a path.
        content: None if it is missing in the object storage, or was deleted a moment ago.
    """

    lead_id: str
    file_id: str
    filename: str
    content: bytes | None = field(repr=False)


@frozen(kw_only=True)
class ExportPersonalData:
    """Collect the data that a person may request."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _load_file: LoadFile

    def __call__(self, actor: Actor, lead_id: str) -> PersonalDataExport:
        """Return the lead and its duplicates with their histories, follow-ups and the names of their files.

        Quarantined leads from the same address are included.

        Raises:
            PermissionDenied: the actor may not export leads.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_EXPORT)
        with self._unit_of_work.snapshot() as tx:
            lead = tx.leads.get(lead_id)
            duplicates = tuple(_record(tx, duplicate) for duplicate in duplicates_of(tx, lead_id))
            quarantined_leads = tuple(tx.quarantine.of(lead.identity))
            leads = [lead, *(record.lead for record in duplicates)]
            export = PersonalDataExport(
                self._clock.now(),
                _record(tx, lead),
                duplicates,
                quarantined_leads,
                tuple(rejected_of_person(tx, leads)),
            )
        with self._unit_of_work() as tx:
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.PERSON_EXPORTED, export.at, lead_id))
            tx.commit()
        return export

    def files(self, export: PersonalDataExport) -> Iterator[ExportedFile]:
        """Yield the files of the person, one after the other: together they can be larger than the memory.

        Raises:
            ResumeStorageUnavailable: the object storage does not respond.
        """
        for record in (export.record, *export.duplicates):
            lead = record.lead
            for file_id, metadata in lead.files.items():
                try:
                    file = self._load_file(lead.id, file_id)
                except ResumeMissing:
                    file = None
                yield ExportedFile(
                    lead.id, file_id, metadata.filename, None if file is None else file.content
                )


def rejected_of_person(tx: UnitOfWork, leads: Iterable[Lead]) -> list[RejectedSubmission]:
    """Return the rejected submissions that hold an e-mail address or phone number of the leads.

    Their inputs are as they came, so every one of them is read; there are at most ``MAX_REJECTED``.
    """
    persons = list(leads)
    addresses = {text.lower() for lead in persons if (text := lead.texts["email"])}
    addresses |= {lead.email.key for lead in persons if lead.email}
    phones = {lead.phone for lead in persons if lead.phone}
    rejected = tx.rejected_submissions.page(limit=MAX_REJECTED)
    return [one for one in rejected if one.concerns(addresses, phones)]


def _record(tx: UnitOfWork, lead: Lead) -> LeadRecord:
    mails = (one for one in tx.deliveries.of_lead(lead.id) if one.kind in TO_PROSPECT)
    return LeadRecord(
        lead,
        tuple(tx.history.of(lead.id)),
        tuple(tx.follow_ups.of(lead.id)),
        tuple(mails),
        tx.consents.of(lead.id),
    )
