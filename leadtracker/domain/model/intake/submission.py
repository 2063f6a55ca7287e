"""How a lead was sent, besides what it says; from that spam is recognised."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.intake.form_token import FormTicket
from leadtracker.domain.model.intake.quarantined_lead import Suspicion

TRAP_FIELD = "leave_this_empty"
"""A field that people do not see and therefore leave empty; programs that fill in everything do not."""

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
CONSENT_FIELD = "consent"


@frozen(kw_only=True)
class Submission:
    """What is known about the sending of a lead. What programs send to the API needs none of it.

    Attributes:
        ticket: that of our form which was filled in; None if it was none of ours.
        has_forged_ticket: something came in its place that we did not make.
        has_sprung_trap: TRAP_FIELD was filled in.
        asked_consent: the text to which the form asked to consent.
        has_consented: whether its sender did.
    """

    ticket: FormTicket | None = None
    has_forged_ticket: bool = False
    has_sprung_trap: bool = False
    asked_consent: str | None = None
    has_consented: bool = False

    def suspicion(self, now: datetime) -> Suspicion | None:
        """Why it looks like spam; None if it does not."""
        if self.has_sprung_trap:
            return Suspicion.TRAP
        if self.has_forged_ticket:
            return Suspicion.FORGED
        return Suspicion.TOO_FAST if self.ticket and self.ticket.is_too_fast(now) else None

    def complaints(self, now: datetime) -> Iterator[FieldError]:
        """What its sender has to mend, besides the fields of the lead."""
        if self.asked_consent and not self.has_consented:
            yield FieldError(CONSENT_FIELD, "must be given")
        if self.ticket and self.ticket.is_over(now):
            yield FieldError(TOKEN_FIELD, "is more than a day old; please send the form again")

    @property
    def consent(self) -> str | None:
        """To what its sender consented."""
        return self.asked_consent if self.has_consented else None
