"""Capture a lead that somebody sends."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from enum import StrEnum

from attrs import frozen

from leadtracker.domain.errors import DuplicateLead, IdempotencyKeyReused, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.intake.idempotency import IdempotentRequest, RememberedCapture
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.intake.resume import ResumeFile, StoredResume
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.leads.phone_parser import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.enqueue_mail import EnqueueMail
from leadtracker.domain.use_cases.deliveries.enqueue_webhooks import EnqueueWebhooks
from leadtracker.domain.use_cases.resumes.resume_storage import ResumeStorage

_BY_PROGRAM = Submission()


class DuplicatePolicy(StrEnum):
    """What the public gets for an e-mail address that is known already."""

    LINK = "link"
    REJECT = "reject"


@frozen
class Captured:
    """A lead that is kept, as its sender gave it: nothing tells them whether their address was known.

    A replay was captured by an earlier request.
    """

    lead: Lead
    is_replay: bool = False


@frozen
class CaptureLead:
    """Store what a prospect or a client sends; whoever gets an answer can rely on it being kept.

    The public is not told whether an address was known (unless the owner chose ``reject``); its lead is
    kept beside the first one. Signed-in callers get a clear refusal instead. What looks like spam is kept
    in quarantine, and its sender is not told.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _duplicate_policy: DuplicatePolicy
    _enqueue_mail: EnqueueMail
    _resume_storage: ResumeStorage
    _enqueue_webhooks: EnqueueWebhooks

    def __call__(
        self,
        actor: Actor,
        raw: Mapping[str, object],
        key: str | None = None,
        submission: Submission = _BY_PROGRAM,
    ) -> Captured:
        """Capture a lead from raw fields; with an idempotency key, once only.

        Args:
            actor: who sends it.
            raw: the fields.
            key: the idempotency key, if there is one.
            submission: how it was sent; spam is looked for only in what the public sends.

        Raises:
            PermissionDenied: a signed-in actor may not create leads.
            InvalidInput: naming every bad field.
            DuplicateLead: the address is known, and this actor is told so.
            IdempotencyKeyReused: the key came before with other fields.
            ResumeStorageUnavailable: the resume cannot be kept now; nothing was stored.
        """
        if not actor.is_public:
            actor.require(Permission.LEAD_CREATE)
        now = self._clock.now()
        draft = self._read(raw, submission, now)
        request = None if key is None else IdempotentRequest.of(key, actor, _in_short(raw, draft))
        lead = draft.to_lead(self._ids.new_id(now), now)
        quarantined_lead = _check_for_spam(actor, lead, submission)
        storing = (
            self._resume_storage.store(draft.file) if draft.file and not quarantined_lead else nullcontext()
        )
        with storing as stored, self._unit_of_work() as tx:
            remembered = request and tx.idempotency.claim(request, now)
            if request and remembered:
                return _replay(remembered, request)
            if quarantined_lead:
                self._set_aside(tx, quarantined_lead, draft.file)
            else:
                self._keep(tx, actor, lead, stored, submission.consent)
            if request:
                tx.idempotency.remember(request, lead)
            tx.commit()
        return Captured(lead)

    def _read(self, raw: Mapping[str, object], submission: Submission, now: datetime) -> LeadDraft:
        field_errors = list(submission.field_errors(now))
        try:
            draft = LeadDraft.read(raw, self._phones.to_e164)
        except InvalidInput as error:
            raise InvalidInput([*error.errors, *field_errors]) from None
        if field_errors:
            raise InvalidInput(field_errors)
        return draft

    def _keep(
        self, tx: UnitOfWork, actor: Actor, lead: Lead, resume: StoredResume | None, consent: str | None
    ) -> None:
        self._store(tx, actor, lead)
        if resume:
            tx.resumes.put(lead.id, resume)
        tx.history.append([entry(lead, actor, Action.CREATED, lead.created_at, consent)])
        self._enqueue_mail.for_new(tx, lead, lead.created_at)
        self._enqueue_webhooks.created(tx, lead, lead.created_at)

    def _set_aside(self, tx: UnitOfWork, quarantined_lead: QuarantinedLead, file: ResumeFile | None) -> None:
        """Keep a quarantined lead; its sender is told as much of a known address as any other."""
        if self._duplicate_policy is DuplicatePolicy.REJECT:
            primary = tx.leads.find_primary(quarantined_lead.lead.email.key)
            if primary is not None:
                raise DuplicateLead(primary.id)
        tx.quarantine.add(quarantined_lead, file)

    def _store(self, tx: UnitOfWork, actor: Actor, lead: Lead) -> None:
        if actor.is_public and self._duplicate_policy is DuplicatePolicy.LINK:
            tx.leads.add_or_mark_duplicate(lead)
        else:
            tx.leads.add(lead)


def _check_for_spam(actor: Actor, lead: Lead, submission: Submission) -> QuarantinedLead | None:
    spam_reason = submission.spam_reason(lead.created_at) if actor.is_public else None
    if spam_reason is None:
        return None
    return QuarantinedLead(
        lead=lead, reason=spam_reason, consent=submission.consent, request_id=actor.request_id
    )


def _in_short(raw: Mapping[str, object], draft: LeadDraft) -> Mapping[str, object]:
    """The raw fields with what identifies a file in place of the file."""
    resume = draft.file and draft.file.resume
    return {**raw, "resume": [resume.filename, resume.sha256]} if resume else raw


def _replay(remembered: RememberedCapture, request: IdempotentRequest) -> Captured:
    if remembered.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused
    return Captured(remembered.lead, is_replay=True)
