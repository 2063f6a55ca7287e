"""Which leads somebody asks for, and the pages they come in."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.instant import check_utc
from leadtracker.domain.model.lead import Lead, LeadState

MAX_PAGE_SIZE = 200
DEFAULT_PAGE_SIZE = 50


class Duplicates(StrEnum):
    """What to do with leads whose address was known when they came in."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


class Order(StrEnum):
    """The order of a listing, by time of creation; leads of the same instant are ordered by id."""

    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"


@frozen(kw_only=True)
class LeadFilter:
    """The conditions a lead must meet; None and empty mean "any".

    Attributes:
        created_from: the first instant that counts.
        created_to: the first instant that no longer counts.
        email_key: the key of an e-mail address.
    """

    created_from: datetime | None = field(default=None, validator=check_utc)
    created_to: datetime | None = field(default=None, validator=check_utc)
    states: frozenset[LeadState] = frozenset()
    email_key: str | None = None
    source: str | None = None
    duplicates: Duplicates = Duplicates.EXCLUDE


@frozen
class Cursor:
    """A place in a listing: behind the lead created at ``created_at`` with ``lead_id``."""

    created_at: datetime = field(validator=check_utc)
    lead_id: str


@frozen
class LeadPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    leads: tuple[Lead, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, leads: list[Lead], limit: int) -> "LeadPage":
        """Make a page of at most ``limit`` out of ``leads``, of which one more was asked for to know."""
        page = tuple(leads[:limit])
        more = len(leads) > limit
        return cls(page, Cursor(page[-1].created_at, page[-1].id) if more else None)
