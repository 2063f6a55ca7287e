"""Submissions: how a lead was submitted, by which spam is recognised, and what was received with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.intake.consent import Consent, ConsentForm
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.intake.idempotency import IdempotentRequest
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.inputs.field_names import CONSENT_FIELD, TOKEN_FIELD
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lead_file import LeadFile
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error


@frozen(kw_only=True)
class Submission:
    """How a lead was submitted. Submissions of API clients need none of these attributes.

    Attributes:
        form_token: the token of the public form that was submitted; None without one.
        has_invalid_token: true if the submission has a token with a wrong signature.
        filled_honeypot: true if HONEYPOT_FIELD is not empty.
        requested_consent: the text to which the form asks to consent; None if it asks for none.
        has_consented: true if the sender consented.
        has_outdated_consent: true if the form showed another text than ``requested_consent``.
        consent_form: the form that asked for the consent.
        language: the language of the prospect, as an ISO 639-1 code; None if unknown.
        sends_mail: false if no mail is sent about the new lead, neither to the prospect nor to users.
        keeps_duplicate: true if a lead with a known address is stored as a duplicate, also if the caller is
            authenticated.
        rejects_known: true to reject a lead whose e-mail address or phone number any other lead has.
        owner: the user who owns the lead, unless the person's primary lead has an owner; None for no one.
    """

    form_token: FormToken | None = None
    has_invalid_token: bool = False
    filled_honeypot: bool = False
    requested_consent: str | None = None
    has_consented: bool = False
    has_outdated_consent: bool = False
    consent_form: ConsentForm = ConsentForm.PAGE
    language: str | None = None
    sends_mail: bool = True
    keeps_duplicate: bool = False
    rejects_known: bool = False
    owner: str | None = None

    def spam_reason(self, now: datetime) -> QuarantineReason | None:
        """Return why the submission looks like spam; None if it does not."""
        if self.filled_honeypot:
            return QuarantineReason.HONEYPOT
        if self.has_invalid_token:
            return QuarantineReason.INVALID_TOKEN
        return QuarantineReason.TOO_FAST if self.form_token and self.form_token.is_too_fast(now) else None

    def field_errors(self, now: datetime, *, needs_consent: bool = False) -> Iterator[FieldError]:
        """Yield the errors of the submission besides those of the lead's fields.

        Args:
            now: the time of the submission.
            needs_consent: true if consent is required of every sender, also without a form that asks for it.
        """
        if (self.requested_consent or needs_consent) and not self.has_consented:
            yield field_error(CONSENT_FIELD, InvalidValue("consent-missing"))
        elif self.requested_consent and self.has_outdated_consent:
            yield field_error(CONSENT_FIELD, InvalidValue("consent-changed"))
        if self.form_token and self.form_token.is_over(now):
            yield field_error(TOKEN_FIELD, InvalidValue("form-expired"))

    def consent(self, now: datetime) -> Consent | None:
        """Return the consent of a submission at ``now``; None without one."""
        if self.requested_consent is None or not self.has_consented:
            return None
        return Consent(text=self.requested_consent, at=now, form=self.consent_form, language=self.language)

    def idempotency_keys(self, key: str | None) -> list[str]:
        """Return the keys of the submission: the client's, and the form token, which is used only once."""
        token = self.form_token
        keys = (key, None if token is None else f"form {token.id}")
        return [one for one in keys if one is not None]


@frozen(kw_only=True)
class ReceivedLead:
    """A valid submission that is about to be stored.

    Attributes:
        actor: the caller.
        submission: how it was submitted.
        draft: what the caller gave.
        lead: the lead that it becomes.
        files: those of the lead, by id; none if they cannot be stored.
        requests: the request under each of its idempotency keys.
    """

    actor: Actor
    submission: Submission
    draft: LeadDraft
    lead: Lead
    files: Mapping[str, LeadFile]
    requests: Sequence[IdempotentRequest]

    @classmethod
    def of(
        cls, actor: Actor, submission: Submission, draft: LeadDraft, lead: Lead, key: str | None
    ) -> "ReceivedLead":
        """Return what ``actor`` has submitted, with the idempotency key ``key`` of the request.

        Raises:
            InvalidInput: the key is empty or too long.
        """
        keys, files = submission.idempotency_keys(key), lead.files.values()
        requests = [IdempotentRequest.of(one, actor, draft.inputs, files) for one in keys]
        return cls(
            actor=actor, submission=submission, draft=draft, lead=lead, files=draft.files, requests=requests
        )

    def without_files(self) -> "ReceivedLead":
        """Return the submission with a lead that has no files."""
        return evolve(self, lead=evolve(self.lead, resume=None, attachments=()), files={})

    def rejected_files(self, stored: Lead) -> tuple[str, ...]:
        """Return the names of the files that are not stored with the lead: all or none."""
        return () if stored.files else tuple(file.metadata.filename for file in self.draft.files.values())

    def spam(self) -> QuarantinedLead | None:
        """Return the entry of the quarantine if a public actor has sent what looks like spam; else None."""
        reason = self.submission.spam_reason(self.lead.created_at) if self.actor.is_public else None
        return None if reason is None else self.quarantined(reason)

    def quarantined(self, reason: QuarantineReason) -> QuarantinedLead:
        """Return the entry of the quarantine that the submission becomes for a reason."""
        consent = self.submission.consent(self.lead.created_at)
        return QuarantinedLead(
            lead=self.lead, reason=reason, consent=consent, request_id=self.actor.request_id
        )
