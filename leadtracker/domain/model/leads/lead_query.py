"""Which leads somebody asks for, and the pages they come in."""

from datetime import UTC, datetime
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.search import Search
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.model.timestamps import check_utc

MAX_PAGE_SIZE = 200
DEFAULT_PAGE_SIZE = 50

NEVER = datetime.max.replace(tzinfo=UTC)
"""Where a lead without a follow-up stands among those that have one."""

WITHOUT_FOLLOW_UP = TimeRange(NEVER, None)
"""The follow-ups of leads that have none."""


class Duplicates(StrEnum):
    """What to do with leads whose address was known when they came in."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


class Sort(StrEnum):
    """The order of a listing, by one of a lead's times; a minus puts the latest first.

    Leads of the same timestamp are ordered by id. Leads without a follow-up come last.
    """

    CREATED_AT = "created_at"
    LATEST_CREATED = "-created_at"
    UPDATED_AT = "updated_at"
    LATEST_UPDATED = "-updated_at"
    FOLLOW_UP_AT = "follow_up_at"

    @property
    def key(self) -> str:
        """The name of the time."""
        return self.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the latest come first."""
        return self.startswith("-")

    def cursor(self, lead: Lead) -> "Cursor":
        """The place behind a lead."""
        return Cursor(getattr(lead, self.key) or NEVER, lead.id)


@frozen(kw_only=True)
class LeadFilter:
    """The conditions a lead must meet; None and empty mean "any".

    Attributes:
        created_from: the first timestamp that counts.
        created_to: the first timestamp that no longer counts.
        follow_up: when the next follow-up is due; ``WITHOUT_FOLLOW_UP`` if there must be none.
        email_key: the key of an e-mail address.
        duplicate_of: the id of the lead whose duplicates are wanted.
    """

    created_from: datetime | None = field(default=None, validator=check_utc)
    created_to: datetime | None = field(default=None, validator=check_utc)
    search: Search | None = None
    follow_up: TimeRange | None = None
    states: frozenset[LeadState] = frozenset()
    email_key: str | None = None
    source: str | None = None
    duplicate_of: str | None = None
    duplicates: Duplicates = Duplicates.EXCLUDE


@frozen
class Cursor:
    """A place in a listing: behind the lead ``lead_id``, whose time to sort by is ``at``."""

    at: datetime = field(validator=check_utc)
    lead_id: str


@frozen
class LeadPage:
    """One page of a listing, and where the next one starts (None on the last page)."""

    leads: tuple[Lead, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, leads: list[Lead], limit: int, sort: Sort) -> "LeadPage":
        """Make a page of at most ``limit`` out of ``leads``, of which one more was asked for to know."""
        page = tuple(leads[:limit])
        more = len(leads) > limit
        return cls(page, sort.cursor(page[-1]) if more else None)
