"""What the listings of leads and follow-ups are asked for."""

from collections.abc import Callable
from datetime import tzinfo

from attrs import frozen
from werkzeug.datastructures import MultiDict

from leadtracker.domain.model.deliveries.delivery import DeliveryCursor, DeliveryState
from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.field_parser import clean_text
from leadtracker.domain.model.intake.quarantined_lead import QuarantineCursor
from leadtracker.domain.model.leads.fields import MAX_SOURCE_LENGTH
from leadtracker.domain.model.leads.follow_up import FollowUpCursor, FollowUpStatus
from leadtracker.domain.model.leads.lead_query import (
    DEFAULT_PAGE_SIZE,
    WITHOUT_FOLLOW_UP,
    Cursor,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.search import Search
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.entrypoints.http.requests.cursors import read_cursor
from leadtracker.entrypoints.http.requests.query import (
    QueryParser,
    one_of,
    range_end,
    range_start,
    read_limit,
)

Due = Callable[[FollowUpStatus], TimeRange]
NO_FOLLOW_UP = "none"
QUARANTINE = "quarantine"
"""The name of the listing of quarantined leads, for its cursors."""

FOLLOW_UP_FILTERS = (FollowUpStatus.OVERDUE.value, FollowUpStatus.DUE.value, NO_FOLLOW_UP)


@frozen
class LeadListParams:
    """What ``GET /leads`` was asked for."""

    lead_filter: LeadFilter
    sort: Sort
    limit: int
    after: Cursor | None


@frozen
class FollowUpListParams:
    """What ``GET /follow-ups`` was asked for."""

    status: FollowUpStatus | None
    limit: int
    after: FollowUpCursor | None


@frozen
class QuarantineListParams:
    """What ``GET /quarantine`` was asked for."""

    limit: int
    after: QuarantineCursor | None


@frozen
class DeliveryListParams:
    """What ``GET /deliveries`` was asked for."""

    state: DeliveryState | None
    limit: int
    after: DeliveryCursor | None


def read_lead_list_params(args: "MultiDict[str, str]", zone: tzinfo, due: Due) -> LeadListParams:
    """Read the query of a listing of leads; days are those of ``zone``.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    parser = QueryParser(args)
    sort = parser.one("sort", one_of(Sort)) or Sort.LATEST_CREATED
    after = parser.one("cursor", read_cursor(sort))
    params = LeadListParams(
        _read_filter(parser, zone, due),
        sort,
        limit=parser.one("limit", read_limit) or DEFAULT_PAGE_SIZE,
        after=None if after is None else Cursor(after.at, after.id),
    )
    parser.raise_if_errors()
    return params


def read_follow_up_list_params(args: "MultiDict[str, str]") -> FollowUpListParams:
    """Read the query of a listing of follow-ups.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    parser = QueryParser(args)
    status = parser.one("status", one_of(FollowUpStatus))
    after = parser.one("cursor", read_cursor(follow_up_list_name(status)))
    limit = parser.one("limit", read_limit) or DEFAULT_PAGE_SIZE
    parser.raise_if_errors()
    return FollowUpListParams(status, limit, None if after is None else FollowUpCursor(after.at, after.id))


def read_delivery_list_params(args: "MultiDict[str, str]") -> DeliveryListParams:
    """Read the query of a listing of deliveries.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    parser = QueryParser(args)
    state = parser.one("state", one_of(DeliveryState))
    after = parser.one("cursor", read_cursor(delivery_list_name(state)))
    limit = parser.one("limit", read_limit) or DEFAULT_PAGE_SIZE
    parser.raise_if_errors()
    return DeliveryListParams(state, limit, None if after is None else DeliveryCursor(after.at, after.id))


def read_quarantine_list_params(args: "MultiDict[str, str]") -> QuarantineListParams:
    """Read the query of a listing of quarantined leads.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    parser = QueryParser(args)
    after = parser.one("cursor", read_cursor(QUARANTINE))
    limit = parser.one("limit", read_limit) or DEFAULT_PAGE_SIZE
    parser.raise_if_errors()
    return QuarantineListParams(limit, None if after is None else QuarantineCursor(after.at, after.id))


def delivery_list_name(state: DeliveryState | None) -> str:
    """The name of a listing of deliveries, for its cursors."""
    return f"deliveries:{state or 'all'}"


def follow_up_list_name(status: FollowUpStatus | None) -> str:
    """The name of a listing of follow-ups, for its cursors."""
    return status or "open"


def read_time_range(args: "MultiDict[str, str]", zone: tzinfo) -> TimeRange:
    """Read the query of a cohort: ``from`` and ``to``, both optional.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    parser = QueryParser(args)
    time_range = TimeRange(parser.one("from", range_start(zone)), parser.one("to", range_end(zone)))
    parser.raise_if_errors()
    return time_range


def _read_filter(parser: QueryParser, zone: tzinfo, due: Due) -> LeadFilter:
    duplicate_of = parser.one("duplicate_of", str)
    default = Duplicates.EXCLUDE if duplicate_of is None else Duplicates.ONLY
    return LeadFilter(
        created_from=parser.one("created_from", range_start(zone)),
        created_to=parser.one("created_to", range_end(zone)),
        states=frozenset(parser.many("state", LeadState.parse)),
        search=parser.one("q", _search),
        follow_up=parser.one("follow_up", lambda text: _follow_up(text, due)),
        email_key=parser.one("email", _email_key),
        source=parser.one("source", lambda text: clean_text(text, limit=MAX_SOURCE_LENGTH)),
        duplicate_of=duplicate_of,
        duplicates=parser.one("duplicates", one_of(Duplicates)) or default,
    )


def _search(text: str) -> Search | None:
    return Search.parse(text) if text.strip() else None


def _follow_up(text: str, due: Due) -> TimeRange:
    if text == NO_FOLLOW_UP:
        return WITHOUT_FOLLOW_UP
    if text not in FOLLOW_UP_FILTERS:
        message = f"must be one of {', '.join(FOLLOW_UP_FILTERS)}"
        raise ValueError(message)
    return due(FollowUpStatus(text))


def _email_key(text: str) -> str:
    return EmailAddress.parse(clean_text(text, limit=MAX_EMAIL_LENGTH)).key
