"""Capture a lead from an API request or a form, at most once for each idempotency key."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from enum import StrEnum

from attrs import evolve, frozen

from leadtracker.domain.errors import DuplicateLead, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.deliveries.canary import CANARY_DOMAIN
from leadtracker.domain.model.intake.idempotency import IdempotentRequest
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.intake.submission import Submission
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
from leadtracker.domain.use_cases.intake.idempotent_requests import find_captured, remember, requests_of
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
        draft = self._read(actor, raw, submission, now)
        lead = draft.to_lead(self._ids.new_id(now), now, submission.language)
        lead = evolve(lead, updated_at=now) if draft.created_at else lead  # it may be older than its record
        requests = requests_of(actor, draft.inputs, lead, key, submission)
        canary = self._canary_secret(actor, lead)
        lead, files = self._with_room(lead, draft.files)
        spam = _check_for_spam(actor, lead, submission)
        try:
            with self._storing({} if spam else files) as stored, self._unit_of_work() as tx:
                if replay := _replay(tx, requests, draft.files, now):
                    return replay
                if spam:
                    self._check_policy(tx, lead)
                    tx.quarantine.add(spam, tuple(files.values()))
                else:
                    lead = self._store(tx, actor, lead, stored, submission)
                    _record_left_out(tx, actor, draft, lead)
                remember(tx, requests, lead, submission)
                if canary is None:
                    tx.commit()
                else:
                    self._receive_canary.check_stored(tx, lead, spam)
        except EnquiriesFull as error:
            surplus = _quarantined(QuarantineReason.TOO_MANY, actor, lead, submission)
            self._quarantine_surplus(error.primary_id, surplus, files, requests, submission)
        if canary is not None:
            self._receive_canary.record(canary, spam)
        return Captured(lead, rejected_files=_rejected(draft.files, lead))

    def _canary_secret(self, actor: Actor, lead: Lead) -> str | None:
        if not actor.is_public or lead.email is None or not lead.email.key.endswith(CANARY_DOMAIN):
            return None
        return self._receive_canary.secret_of(lead.email)

    def _quarantine_surplus(
        self,
        primary_id: str,
        surplus: QuarantinedLead,
        files: Mapping[str, LeadFile],
        requests: Sequence[IdempotentRequest],
        submission: Submission,
    ) -> None:
        """Quarantine an enquiry of a person with too many; the response is that of any other."""
        with self._unit_of_work() as tx:
            if _replay(tx, requests, files, surplus.lead.updated_at) is None:
                tx.quarantine.add(surplus, tuple(files.values()))
                tx.leads.count_enquiry_quarantined(primary_id)
                remember(tx, requests, surplus.lead, submission)
                tx.commit()

    def _with_room(self, lead: Lead, files: Mapping[str, LeadFile]) -> tuple[Lead, Mapping[str, LeadFile]]:
        """Return the lead and its files; without them if the disk is nearly full."""
        if not files or self._file_storage.has_room(files):
            return lead, files
        return evolve(lead, resume=None, attachments=()), {}

    def _storing(self, files: Mapping[str, LeadFile]) -> AbstractContextManager[Mapping[str, StoredFile]]:
        return self._file_storage.store(files) if files else nullcontext({})

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

    def _store(
        self,
        tx: UnitOfWork,
        actor: Actor,
        lead: Lead,
        files: Mapping[str, StoredFile],
        submission: Submission,
    ) -> Lead:
        """Store a lead, and return it as the actor may see it."""
        known = find_by_contact(tx, lead.email, lead.phone) if submission.rejects_known else []
        if known:
            raise DuplicateLead(known[0].id)
        if submission.owner:
            lead = evolve(lead, owner=owner_of_new(tx, lead.identity, submission.owner))
        is_linked = self._links_duplicates(actor, submission)
        assignment = self._assignment if actor.is_public else Assignment.NONE
        if is_linked:
            limit = MAX_WAITING_ENQUIRIES if actor.is_public else None
            tx.leads.add_or_mark_duplicate(lead, assignment, limit)
        else:
            tx.leads.add(lead, assignment)
        for file_id, file in files.items():
            tx.files.put(lead.id, file, file_id)
        now = lead.updated_at
        consent = submission.consent(now)
        text = None if consent is None else consent.text
        tx.history.append([entry(lead, actor, Action.CREATED, now, text)])
        if consent is not None:
            tx.consents.add(lead.id, consent)
        if is_linked:
            tx.history.append_to_primary(entry(lead, actor, Action.ENQUIRED_AGAIN, now, lead.id))
        self._notifications.lead_created(tx, lead, now, sends_mail=submission.sends_mail)
        if not submission.sends_mail:
            self._notifications.assigned(tx, lead, actor, now)
        return tx.leads.get(lead.id) if is_linked and not actor.is_public else lead

    def _links_duplicates(self, actor: Actor, submission: Submission) -> bool:
        if actor.is_public:
            return self._duplicate_policy is DuplicatePolicy.LINK
        return submission.keeps_duplicate

    def _check_policy(self, tx: UnitOfWork, lead: Lead) -> None:
        """Reject a known address before quarantining as for any other lead, so that spam is not shown."""
        if self._duplicate_policy is DuplicatePolicy.REJECT:
            primary = tx.leads.find_primary(lead.identity)
            if primary is not None:
                raise DuplicateLead(primary.id)


def _check_for_spam(actor: Actor, lead: Lead, submission: Submission) -> QuarantinedLead | None:
    spam_reason = submission.spam_reason(lead.created_at) if actor.is_public else None
    return None if spam_reason is None else _quarantined(spam_reason, actor, lead, submission)


def _quarantined(reason: QuarantineReason, actor: Actor, lead: Lead, sent: Submission) -> QuarantinedLead:
    consent = sent.consent(lead.created_at)
    return QuarantinedLead(lead=lead, reason=reason, consent=consent, request_id=actor.request_id)


def _rejected(files: Mapping[str, LeadFile], lead: Lead) -> tuple[str, ...]:
    """Return the names of the files that were sent with a lead and not stored: all or none."""
    return () if lead.files else tuple(file.metadata.filename for file in files.values())


def _replay(
    tx: UnitOfWork, requests: Sequence[IdempotentRequest], files: Mapping[str, LeadFile], now: datetime
) -> Captured | None:
    """Return what an earlier request with one of these keys has captured; None if there was none."""
    lead = find_captured(tx, requests, now)
    return None if lead is None else Captured(lead, is_replay=True, rejected_files=_rejected(files, lead))


def _record_left_out(tx: UnitOfWork, actor: Actor, draft: LeadDraft, lead: Lead) -> None:
    """Record in the history which inputs and files were not stored."""
    tx.history.append(left_out_entries(draft.inputs, lead, actor))
    tx.history.append(rejected_file_entries(_rejected(draft.files, lead), lead, actor))
