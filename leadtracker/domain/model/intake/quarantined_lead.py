"""Quarantined leads: anonymous submissions that no user has decided about, kept apart from the leads."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import frozen

from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.paging import Cursor

MAX_QUARANTINE_AGE = timedelta(days=90)
"""Quarantined leads are purged after this time."""


class QuarantineReason(StrEnum):
    """The reasons why a submission is quarantined."""

    INVALID_TOKEN = "invalid_token"  # noqa: S105 - the name of a reason
    """The form token has a wrong signature: this site did not issue the form."""
    TOO_FAST = "too_fast"
    """The form was returned within two seconds."""
    HONEYPOT = "honeypot"
    """A field was filled in that people do not see."""
    INVALID = "invalid"
    """The submission was rejected, because a field was invalid or its body could not be read."""
    TOO_MANY = "too_many"
    """The person has 1,000 repeat enquiries that wait for an answer."""


@frozen(kw_only=True)
class QuarantinedLead:
    """A valid submission that looks like spam, or of a person who has too many that wait.

    Attributes:
        lead: the lead that it becomes when released, with the id and times of the response to its sender.
        consent: that of the sender; None without one.
        request_id: the id of the HTTP request that submitted it.
    """

    lead: Lead
    reason: QuarantineReason
    consent: Consent | None = None
    request_id: str | None = None

    @property
    def id(self) -> str:
        """The id of the lead."""
        return self.lead.id

    @property
    def received_at(self) -> datetime:
        """When it was submitted."""
        return self.lead.created_at

    @property
    def cursor(self) -> Cursor:
        """The position after this entry in the list of the quarantine."""
        return Cursor(self.received_at, self.id)
