"""Quarantined leads: anonymous submissions that no user has decided about, kept apart from the leads."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.timestamps import check_utc

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


@frozen
class QuarantineCursor:
    """The position in a list of quarantined leads after the one with that id."""

    received_at: datetime = field(validator=check_utc)
    quarantined_lead_id: str


@frozen
class QuarantinedLeadPage:
    """One page of a list, and the cursor of the next page; None on the last."""

    quarantined_leads: tuple[QuarantinedLead, ...]
    next: QuarantineCursor | None

    @classmethod
    def cut(cls, quarantined_leads: list[QuarantinedLead], limit: int) -> "QuarantinedLeadPage":
        """Return a page of the first ``limit``; one more in the argument means that there is a next page."""
        page = tuple(quarantined_leads[:limit])
        more = len(quarantined_leads) > limit
        return cls(page, QuarantineCursor(page[-1].received_at, page[-1].id) if more else None)
