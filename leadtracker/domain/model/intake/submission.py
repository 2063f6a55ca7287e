"""How a lead was sent, besides what it says; from that spam is recognised."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.intake.quarantined_lead import SpamReason

HONEYPOT_FIELD = "leave_this_empty"
"""A field that people do not see and therefore leave empty; programs that fill in everything do not."""

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
CONSENT_FIELD = "consent"


@frozen(kw_only=True)
class Submission:
    """What is known about the sending of a lead. What programs send to the API needs none of it.

    Attributes:
        ticket: that of our form which was filled in; None if it was none of ours.
        has_invalid_token: something came in its place that we did not make.
        filled_honeypot: HONEYPOT_FIELD was filled in.
        requested_consent: the text to which the form asked to consent.
        has_consented: whether its sender did.
    """

    form_token: FormToken | None = None
    has_invalid_token: bool = False
    filled_honeypot: bool = False
    requested_consent: str | None = None
    has_consented: bool = False

    def spam_reason(self, now: datetime) -> SpamReason | None:
        """Why it looks like spam; None if it does not."""
        if self.filled_honeypot:
            return SpamReason.HONEYPOT
        if self.has_invalid_token:
            return SpamReason.INVALID_TOKEN
        return SpamReason.TOO_FAST if self.form_token and self.form_token.is_too_fast(now) else None

    def field_errors(self, now: datetime) -> Iterator[FieldError]:
        """What its sender has to mend, besides the fields of the lead."""
        if self.requested_consent and not self.has_consented:
            yield FieldError(CONSENT_FIELD, "must be given")
        if self.form_token and self.form_token.is_over(now):
            yield FieldError(TOKEN_FIELD, "is more than a day old; please send the form again")

    @property
    def consent(self) -> str | None:
        """To what its sender consented."""
        return self.requested_consent if self.has_consented else None
