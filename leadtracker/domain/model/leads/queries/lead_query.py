"""Queries for leads: filters, orders, cursors and pages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange, check_utc

MAX_PAGE_SIZE = 200
DEFAULT_PAGE_SIZE = 50

NEVER = datetime.max.replace(tzinfo=UTC)
"""The sort key of leads without a follow-up: after all others."""

WITHOUT_FOLLOW_UP = TimeRange(NEVER, None)
"""The value of ``LeadFilter.follow_up`` for leads without a follow-up."""


class Duplicates(StrEnum):
    """Which leads a list contains: primary leads, duplicates or both; ``OPEN``: primary and waiting leads."""

    EXCLUDE = "exclude"
    OPEN = "open"
    INCLUDE = "include"
    ONLY = "only"


class ListOrder(StrEnum):
    """An order of a list; a minus before the name reverses it."""

    @property
    def key(self) -> str:
        """The name without the minus: of an attribute of ``Lead``, or of a column of the list."""
        return self.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """True if the latest time or the last text comes first."""
        return self.startswith("-")


class Sort(ListOrder):
    """The order of a list, by one of a lead's times; a minus sorts the latest first.

    Leads with the same time are ordered by id. Leads without a follow-up come last.
    """

    CREATED_AT = "created_at"
    LATEST_CREATED = "-created_at"
    UPDATED_AT = "updated_at"
    LATEST_UPDATED = "-updated_at"
    FOLLOW_UP_AT = "follow_up_at"

    def cursor(self, lead: Lead) -> Cursor:
        """Return the cursor after a lead."""
        return Cursor(getattr(lead, self.key) or NEVER, lead.id)


@frozen(kw_only=True)
class LeadFilter:
    """The conditions that leads must match, all of them; None and empty match every lead.

    Attributes:
        created_from: the inclusive start of the creation time.
        created_to: the exclusive end of the creation time.
        updated_from: the inclusive start of the time of the last change.
        updated_to: the exclusive end of the time of the last change.
        follow_up: the range in which the next follow-up is due; ``WITHOUT_FOLLOW_UP`` for none.
        email_key: the key of an e-mail address.
        touch: the exact texts of fields of the touch, by name.
        last_touch: the same of the last touch, which only primary leads have: that of the latest duplicate,
            or their own without duplicates.
        duplicate_of: the id of the primary lead whose duplicates match.
        owner: the name of the user who owns the leads.
        is_unowned: true for leads without an owner.
        is_waiting: true for leads that wait for an answer, which are those in the state ``PENDING``.
        is_on_hold: true for leads on legal hold.
    """

    created_from: datetime | None = field(default=None, validator=check_utc)
    created_to: datetime | None = field(default=None, validator=check_utc)
    updated_from: datetime | None = field(default=None, validator=check_utc)
    updated_to: datetime | None = field(default=None, validator=check_utc)
    search: Search | None = None
    follow_up: TimeRange | None = None
    states: frozenset[LeadState] = frozenset()
    email_key: str | None = None
    source: str | None = None
    touch: Mapping[str, str] = field(factory=dict, hash=False)
    last_touch: Mapping[str, str] = field(factory=dict, hash=False)
    owner: str | None = None
    is_unowned: bool = False
    duplicate_of: str | None = None
    duplicates: Duplicates = Duplicates.EXCLUDE
    is_waiting: bool = False
    is_on_hold: bool = False


WAITING = LeadFilter(duplicates=Duplicates.INCLUDE, is_waiting=True)
"""All leads that wait for an answer: new ones and repeat enquiries."""
