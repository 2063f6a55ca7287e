"""Suspects: what the public sent and looks like spam. They are kept beside the leads until somebody looks."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.timestamps import check_utc

LONGEST_QUARANTINE = timedelta(days=90)
"""After this time a suspect that nobody looked at is forgotten."""


class Suspicion(StrEnum):
    """Why something looks like spam."""

    FORGED = "forged"
    TOO_FAST = "too_fast"
    TRAP = "trap"


@frozen(kw_only=True)
class Suspect:
    """A lead that is none yet.

    Attributes:
        lead: what it becomes when it is released, with the id and the times that its sender was told.
        consent: the text to which its sender consented.
        request_id: the id of the request by which it came.
    """

    lead: Lead
    suspicion: Suspicion
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
class SuspectPlace:
    """A place in a listing of suspects: behind the one with that id, received at ``received_at``."""

    received_at: datetime = field(validator=check_utc)
    suspect_id: str


@frozen
class SuspectPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    suspects: tuple[Suspect, ...]
    next: SuspectPlace | None

    @classmethod
    def cut(cls, suspects: list[Suspect], limit: int) -> "SuspectPage":
        """Make a page of at most ``limit`` of those, of which one more was asked for to know."""
        page = tuple(suspects[:limit])
        more = len(suspects) > limit
        return cls(page, SuspectPlace(page[-1].received_at, page[-1].id) if more else None)
