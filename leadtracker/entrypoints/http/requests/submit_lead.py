"""Taking leads in: one way for programs, for our own form and for the forms of other sites."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from flask import request

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.intake.submission import CONSENT_FIELD, HONEYPOT_FIELD, TOKEN_FIELD, Submission
from leadtracker.domain.use_cases.leads.capture_lead import Captured, CaptureLead
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.auth.form_tokens import FormTokens
from leadtracker.entrypoints.http.auth.rate_limit import PublicLimit
from leadtracker.entrypoints.http.requests.resume_uploads import read_fields_and_resume


@frozen
class LeadSubmission:
    """Reads what ``POST /leads`` brings, and has it captured.

    Args:
        consent_text: to which our own form asks to consent.
        max_file_bytes: how large a resume may be.
    """

    _capture_lead: CaptureLead
    _authenticator: Authenticator
    _limit: PublicLimit
    _tokens: FormTokens
    _consent_text: str | None
    _max_file_bytes: int

    def authenticate(self) -> Actor:
        """Who sends something; of the public, not too much from one address.

        Raises:
            AuthenticationFailed: credentials came, and they are wrong.
            TooManyRequests: too many came from that address lately.
        """
        actor = self._authenticator.optional_actor()
        if actor.is_public:
            self._limit.count(request.remote_addr or "")
        return actor

    def parse(self) -> Mapping[str, Any]:
        """The fields of what is sent; errors are those of ``read_fields_and_resume``."""
        return read_fields_and_resume(self._max_file_bytes)

    def submit(self, actor: Actor, fields: Mapping[str, Any]) -> Captured:
        """Have a lead captured; errors are those of ``CaptureLead``.

        Of one of our forms its ticket is the idempotency key, unless there is another.
        """
        form_token = self._tokens.read(fields.get(TOKEN_FIELD))
        is_ours = TOKEN_FIELD in fields
        submission = Submission(
            form_token=form_token,
            has_invalid_token=is_ours and form_token is None,
            filled_honeypot=bool(fields.get(HONEYPOT_FIELD)),
            requested_consent=self._consent_text if is_ours else None,
            has_consented=bool(fields.get(CONSENT_FIELD)),
        )
        key = request.headers.get("Idempotency-Key", f"form {form_token.id}" if form_token else None)
        return self._capture_lead(actor, fields, key, submission)
