"""Pages of leads: one statement for each variant of question."""

from collections.abc import Callable

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.dialects.full_text import FullText
from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.repositories.leads.lead_rows import COLUMNS, TimestampAsText, fact_columns
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.lead_query import Cursor, Duplicates, LeadFilter, Sort

Likelihood = Callable[[peewee.Expression, float], peewee.Node]


@frozen
class ListQueryVariant:
    """Which conditions a page's statement has; their values come when it is executed."""

    has_from: bool
    has_to: bool
    has_cursor: bool
    has_email: bool
    has_source: bool
    has_search: bool
    has_primary: bool
    has_follow_up_from: bool
    has_follow_up_to: bool
    states: int
    duplicates: Duplicates
    sort: Sort

    @classmethod
    def of(cls, lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> "ListQueryVariant":
        """The variant of a request."""
        has_from, has_to, has_cursor = _bounds(lead_filter, after, sort)
        due_from = lead_filter.follow_up.start if lead_filter.follow_up else None
        has_follow_up_from = due_from is not None
        if due_from is not None and after is not None and sort is Sort.FOLLOW_UP_AT:
            has_cursor = after.at >= due_from  # of the two only the tighter one, as with creation
            has_follow_up_from = not has_cursor
        return cls(
            has_from=has_from,
            has_to=has_to,
            has_cursor=has_cursor,
            has_email=lead_filter.email_key is not None,
            has_source=lead_filter.source is not None,
            has_search=lead_filter.search is not None,
            has_primary=lead_filter.duplicate_of is not None,
            has_follow_up_from=has_follow_up_from,
            has_follow_up_to=lead_filter.follow_up is not None and lead_filter.follow_up.end is not None,
            states=len(lead_filter.states),
            duplicates=lead_filter.duplicates,
            sort=sort,
        )


def page_values(
    lead_filter: LeadFilter, after: Cursor | None, limit: int, full_text: FullText
) -> dict[str, object]:
    """What the parameters of a page's statement take."""
    values: dict[str, object] = {
        "created_from": lead_filter.created_from,
        "created_to": lead_filter.created_to,
        "email_key": lead_filter.email_key,
        "source": lead_filter.source,
        "duplicate_of": lead_filter.duplicate_of,
        "follow_up_from": lead_filter.follow_up and lead_filter.follow_up.start,
        "follow_up_to": lead_filter.follow_up and lead_filter.follow_up.end,
        "after_time": after and after.at,
        "after_id": after and after.lead_id,
        "limit": limit,
    }
    values |= {f"state_{index}": state for index, state in enumerate(sorted(lead_filter.states))}
    return (
        values
        if lead_filter.search is None
        else values | full_text.search_values(lead_filter.search, lead_filter, after)
    )


def select_page(
    variant: ListQueryVariant,
    full_text: FullText,
    likelihood: Likelihood,
    show: TimestampAsText | None = None,
) -> peewee.Node:
    """The statement of a page, of its leads' facts if it knows how to show a timestamp."""
    columns = COLUMNS if show is None else fact_columns(show)
    query = LeadRow.select(*columns).limit(param("limit"))
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    latest_first = variant.sort.is_descending
    if variant.has_search:
        query = full_text.narrow(query)
        if variant.sort.key == Sort.CREATED_AT:
            ordered = full_text.by_creation(query, latest_first=latest_first, has_cursor=variant.has_cursor)
            if ordered is not None:
                return ordered
    return _in_order(query, variant)


def _bounds(lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> tuple[bool, bool, bool]:
    """Whether the statement compares with the first day, the last day and the cursor.

    A cursor and a date bound on the same side say the same thing twice, and SQLite would scan from the
    looser of the two to the tighter one. Only the tighter one goes into the statement.
    """
    start, end = lead_filter.created_from, lead_filter.created_to
    bound = end if sort.is_descending else start
    is_about_creation = sort.key == Sort.CREATED_AT and lead_filter.search is None
    if after is None or bound is None or not is_about_creation:
        return start is not None, end is not None, after is not None
    is_ahead = after.at >= bound if sort.is_descending else after.at < bound
    if sort.is_descending:
        return start is not None, is_ahead, not is_ahead
    return is_ahead, end is not None, not is_ahead


def _conditions(variant: ListQueryVariant, likelihood: Likelihood) -> list[peewee.Node]:
    row = LeadRow
    # Few follow-ups have come due, which SQLite would not think of by itself.
    is_due = likelihood(row.follow_up_at < param("follow_up_to"), 0.0001)
    conditions = [
        (variant.has_from, row.created_at >= param("created_from")),
        (variant.has_to, row.created_at < param("created_to")),
        (variant.has_email, row.email_key == param("email_key")),
        (variant.has_source, row.source == param("source")),
        (variant.has_primary, row.duplicate_of == param("duplicate_of")),
        (variant.has_follow_up_from, row.follow_up_at >= param("follow_up_from")),
        (variant.has_follow_up_to, is_due),
        (variant.states > 0, row.state.in_([param(f"state_{index}") for index in range(variant.states)])),
        (
            variant.duplicates is not Duplicates.INCLUDE,
            row.duplicate_of.is_null(variant.duplicates is Duplicates.EXCLUDE),
        ),
    ]
    return [condition for is_requested, condition in conditions if is_requested]


def _in_order(query: Select, variant: ListQueryVariant) -> Select:
    column = getattr(LeadRow, variant.sort.key)
    sort_key = peewee.Tuple(column, LeadRow.id)
    after = peewee.Tuple(param("after_time"), param("after_id"))
    if variant.sort.is_descending:
        query = query.where(sort_key < after) if variant.has_cursor else query
        return query.order_by(column.desc(), LeadRow.id.desc())
    query = query.where(sort_key > after) if variant.has_cursor else query
    return query.order_by(column, LeadRow.id)
