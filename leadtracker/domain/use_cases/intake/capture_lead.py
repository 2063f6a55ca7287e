"""Capture a lead from an API request or a form, at most once for each idempotency key."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from enum import StrEnum

from attrs import evolve, frozen

from leadtracker.domain.errors import DuplicateLead, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.deliveries.canary import CANARY_DOMAIN
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.intake.submission import ReceivedLead, Submission
from leadtracker.domain.model.leads.history import Action, entry, left_out_entries, rejected_file_entries
from leadtracker.domain.model.leads.inputs.field_names import CONSENT_FIELD
from leadtracker.domain.model.leads.lead import MAX_WAITING_ENQUIRIES, Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lead_file import LeadFile, StoredFile
from leadtracker.domain.ports.leads.lead_repository import EnquiriesFull
from leadtracker.domain.ports.system import Clock, IdSource, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.intake.idempotent_requests import find_captured, remember
from leadtracker.domain.use_cases.intake.known_leads import find_by_contact
from leadtracker.domain.use_cases.intake.receive_canary import ReceiveCanary
from leadtracker.domain.use_cases.ownership.check_owner import owner_of_new

_WITHOUT_FORM = Submission()


class DuplicatePolicy(StrEnum):
    """The treatment of a lead whose e-mail address or phone number is known."""

    LINK = "link"
    REJECT = "reject"


@frozen
class Captured:
    """A stored lead; for public actors as they sent it, so that the response does not reveal a known address.

    A replay was captured by an earlier request with the same idempotency key.

    Attributes:
        rejected_files: the names of files that were not stored, because the disk is nearly full.
    """

    lead: Lead
    is_replay: bool = False
    rejected_files: tuple[str, ...] = ()


@frozen(kw_only=True)
class CaptureLead:
    """Store a lead durably before the caller responds.

    Public actors cannot find out whether an address is known, unless the policy is ``REJECT``: their lead is
    stored as a duplicate of the primary lead. Others get ``DuplicateLead`` instead, unless they ask for that.
    ``MAX_WAITING_ENQUIRIES`` of one person can wait for an answer; further ones are quarantined, so that no
    one can make the lists of a person and every contact, link and erasure endless with them. Submissions that
    look like spam are quarantined, too. The response shows neither. When the disk is nearly full, a lead is
    stored without its files, and its history says so. Nothing is stored of the canary but its receipt.

    Args:
        assignment: how leads of public actors get an owner.
        required_fields: what public actors must give besides a name, and an e-mail address or a phone
            number; lead fields, ``resume`` and ``consent``.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _duplicate_policy: DuplicatePolicy
    _assignment: Assignment = Assignment.NONE
    _required_fields: frozenset[str] = frozenset()
    _notifications: Notifications
    _file_storage: FileStorage
    _receive_canary: ReceiveCanary

    def __call__(
        self,
        actor: Actor,
        raw: Mapping[str, object],
        key: str | None = None,
        submission: Submission = _WITHOUT_FORM,
    ) -> Captured:
        """Validate and store a lead.

        Args:
            actor: the caller.
            raw: the unvalidated fields of the lead by name.
            key: the idempotency key, or None. A form token is one, too.
            submission: the form data beside the lead; only those of public actors are checked for spam.

        Raises:
            PermissionDenied: the actor is not public and may not create leads.
            InvalidInput: names every invalid field, and an owner who is no enabled user.
            DuplicateLead: the address is known, and this actor may learn it.
            IdempotencyKeyReused: an earlier request used the key with other fields.
            ResumeStorageUnavailable: a file cannot be stored now; nothing was stored.
        """
        now = self._clock.now()
        received = self._receive(actor, raw, key, submission, now)
        canary = self._canary_secret(received)
        if received.files and not self._file_storage.has_room(received.files):
            received = received.without_files()
        spam = received.spam()
        try:
            captured = self._store_once(received, spam, now, is_canary=canary is not None)
        except EnquiriesFull as error:
            self._quarantine_surplus(error.primary_id, received, now)
            captured = Captured(received.lead, rejected_files=received.rejected_files(received.lead))
        if canary is not None and not captured.is_replay:
            self._receive_canary.record(canary, spam)
        return captured

    def _receive(
        self, actor: Actor, raw: Mapping[str, object], key: str | None, submission: Submission, now: datetime
    ) -> ReceivedLead:
        draft = self._read(actor, raw, submission, now)
        lead = draft.to_lead(self._ids.new_id(now), now, submission.language)
        lead = evolve(lead, updated_at=now) if draft.created_at else lead  # it may be older than its record
        return ReceivedLead.of(actor, submission, draft, lead, key)

    def _read(
        self, actor: Actor, raw: Mapping[str, object], submission: Submission, now: datetime
    ) -> LeadDraft:
        """Validate the lead and the form together, so that one error names every invalid field."""
        if not actor.is_public:
            actor.require(Permission.LEAD_CREATE)
        required: frozenset[str] = self._required_fields if actor.is_public else frozenset()
        field_errors = list(submission.field_errors(now, needs_consent=CONSENT_FIELD in required))
        try:
            draft = LeadDraft.read(
                raw,
                self._phones.to_e164,
                required=required - {CONSENT_FIELD},
                created_until=None if actor.is_public else now,
            )
        except InvalidInput as error:
            raise InvalidInput([*error.errors, *field_errors]) from None
        if field_errors:
            raise InvalidInput(field_errors)
        return draft

    def _canary_secret(self, received: ReceivedLead) -> str | None:
        email = received.lead.email
        if not received.actor.is_public or email is None or not email.key.endswith(CANARY_DOMAIN):
            return None
        return self._receive_canary.secret_of(email)

    def _store_once(
        self, received: ReceivedLead, spam: QuarantinedLead | None, now: datetime, *, is_canary: bool
    ) -> Captured:
        """Store the lead, or the entry of the quarantine, unless an earlier request had one of the keys."""
        with self._storing({} if spam else received.files) as stored, self._unit_of_work() as tx:
            captured = find_captured(tx, received.requests, now) if received.requests else None
            if captured is not None:
                return Captured(captured, is_replay=True, rejected_files=received.rejected_files(captured))
            if spam:
                self._check_policy(tx, received.lead)
                tx.quarantine.add(spam, tuple(received.files.values()))
            lead = received.lead if spam else self._store(tx, received, stored)
            if received.requests:
                remember(tx, received.requests, lead, received.submission)
            if is_canary:
                self._receive_canary.check_stored(tx, lead, spam)
            else:
                tx.commit()
        return Captured(lead, rejected_files=received.rejected_files(lead))

    def _storing(self, files: Mapping[str, LeadFile]) -> AbstractContextManager[Mapping[str, StoredFile]]:
        return self._file_storage.store(files) if files else nullcontext({})

    def _quarantine_surplus(self, primary_id: str, received: ReceivedLead, now: datetime) -> None:
        """Quarantine an enquiry of a person with too many; the response is that of any other."""
        surplus = received.quarantined(QuarantineReason.TOO_MANY)
        with self._unit_of_work() as tx:
            if find_captured(tx, received.requests, now) is None:
                tx.quarantine.add(surplus, tuple(received.files.values()))
                tx.leads.count_enquiry_quarantined(primary_id)
                remember(tx, received.requests, received.lead, received.submission)
                tx.commit()

    def _store(self, tx: UnitOfWork, received: ReceivedLead, files: Mapping[str, StoredFile]) -> Lead:
        """Store a lead, and return it as the actor may see it."""
        actor, lead, submission = received.actor, received.lead, received.submission
        known = find_by_contact(tx, lead.email, lead.phone) if submission.rejects_known else []
        if known:
            raise DuplicateLead(known[0].id)
        if submission.owner:
            lead = evolve(lead, owner=owner_of_new(tx, lead.identity, submission.owner))
        is_linked = self._links_duplicates(actor, submission)
        self._add(tx, actor, lead, is_linked=is_linked)
        for file_id, file in files.items():
            tx.files.put(lead.id, file, file_id)
        _record(tx, received, is_linked=is_linked)
        self._notifications.lead_created(tx, lead, lead.updated_at, sends_mail=submission.sends_mail)
        if not submission.sends_mail:
            self._notifications.assigned(tx, lead, actor, lead.updated_at)
        return tx.leads.get(lead.id) if is_linked and not actor.is_public else lead

    def _links_duplicates(self, actor: Actor, submission: Submission) -> bool:
        if actor.is_public:
            return self._duplicate_policy is DuplicatePolicy.LINK
        return submission.keeps_duplicate

    def _add(self, tx: UnitOfWork, actor: Actor, lead: Lead, *, is_linked: bool) -> None:
        assignment = self._assignment if actor.is_public else Assignment.NONE
        if is_linked:
            limit = MAX_WAITING_ENQUIRIES if actor.is_public else None
            tx.leads.add_or_mark_duplicate(lead, assignment, limit)
        else:
            tx.leads.add(lead, assignment)

    def _check_policy(self, tx: UnitOfWork, lead: Lead) -> None:
        """Reject a known address before quarantining as for any other lead, so that spam is not shown."""
        if self._duplicate_policy is DuplicatePolicy.REJECT:
            primary = tx.leads.find_primary(lead.identity)
            if primary is not None:
                raise DuplicateLead(primary.id)


def _record(tx: UnitOfWork, received: ReceivedLead, *, is_linked: bool) -> None:
    """Record in the histories what was stored of a submission, and what was not."""
    actor, lead = received.actor, received.lead
    now = lead.updated_at
    consent = received.submission.consent(now)
    tx.history.append([entry(lead, actor, Action.CREATED, now, None if consent is None else consent.text)])
    if consent is not None:
        tx.consents.add(lead.id, consent)
    if is_linked:
        tx.history.append_to_primary(entry(lead, actor, Action.ENQUIRED_AGAIN, now, lead.id))
    tx.history.append(left_out_entries(received.draft.inputs, lead, actor))
    tx.history.append(rejected_file_entries(received.rejected_files(lead), lead, actor))
