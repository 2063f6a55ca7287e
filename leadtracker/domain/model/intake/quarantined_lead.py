"""Quarantined leads: anonymous submissions that look like spam, kept apart until a user reviews them."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.timestamps import check_utc

MAX_QUARANTINE_AGE = timedelta(days=90)
"""After this time a quarantined lead that nobody looked at is forgotten."""


class SpamReason(StrEnum):
    """Why something looks like spam."""

    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a reason, no secret # noqa: S105 - the name of a reason
    TOO_FAST = "too_fast"
    HONEYPOT = "honeypot"


@frozen(kw_only=True)
class QuarantinedLead:
    """A lead that is none yet.

    Attributes:
        lead: what it becomes when it is released, with the id and the times that its sender was told.
        consent: the text to which its sender consented.
        request_id: the id of the request by which it came.
    """

    lead: Lead
    reason: SpamReason
    consent: str | None = None
    request_id: str | None = None

    @property
    def id(self) -> str:
        """That of the lead."""
        return self.lead.id

    @property
    def received_at(self) -> datetime:
        """When it came."""
        return self.lead.created_at


@frozen
class QuarantineCursor:
    """A place in a listing of quarantined leads: behind the one with that id, received at ``received_at``."""

    received_at: datetime = field(validator=check_utc)
    quarantined_lead_id: str


@frozen
class QuarantinedLeadPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    quarantined_leads: tuple[QuarantinedLead, ...]
    next: QuarantineCursor | None

    @classmethod
    def cut(cls, quarantined_leads: list[QuarantinedLead], limit: int) -> "QuarantinedLeadPage":
        """Make a page of at most ``limit`` of those, of which one more was asked for to know."""
        page = tuple(quarantined_leads[:limit])
        more = len(quarantined_leads) > limit
        return cls(page, QuarantineCursor(page[-1].received_at, page[-1].id) if more else None)
