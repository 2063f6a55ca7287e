"""The statements of pages of leads: one for each combination of conditions."""

from collections.abc import Callable

import peewee
from attrs import evolve, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statements import param
from leadtracker.adapters.database.repositories.leads.lead_statements import (
    TimestampAsText,
    has_enquiry_with,
    has_last_touch,
    lead_columns,
    payload_columns,
)
from leadtracker.adapters.database.repositories.leads.search_plans import (
    FullText,
    PageOrder,
    SearchPlan,
    count_leads,
    ids_of_first_matches,
    ids_of_latest,
    ids_of_matches,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.leads import IS_LISTED
from leadtracker.domain.model.leads.fields import LAST_TOUCH
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor

Likelihood = Callable[[peewee.Expression, float], peewee.Node]


@frozen
class ListQueryVariant:
    """The conditions of a page's statement; their values are parameters.

    Attributes:
        touch: the names of the fields of the touch.
        last_touch: the same of the last touch.
        checks_search: true if few leads match the other conditions, so that the search looks at each of them.
        finds_enquiries: true if few enquiries have the first of ``last_touch``, so that an index finds them.
        walks_all: true if many leads have no owner, so that going through all leads finds them soon.
    """

    has_from: bool
    has_to: bool
    has_cursor: bool
    has_email: bool
    has_source: bool
    touch: tuple[str, ...]
    last_touch: tuple[str, ...]
    has_owner: bool
    is_unowned: bool
    has_search: bool
    has_primary: bool
    has_follow_up_from: bool
    has_follow_up_to: bool
    states: int
    is_waiting: bool
    is_on_hold: bool
    duplicates: Duplicates
    sort: Sort
    checks_search: bool = False
    walks_all: bool = False
    finds_enquiries: bool = False

    @classmethod
    def of(cls, lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> "ListQueryVariant":
        """The variant that a request needs."""
        has_from, has_to, has_cursor = _bounds(lead_filter, after, sort)
        due_from = lead_filter.follow_up.start if lead_filter.follow_up else None
        has_follow_up_from = due_from is not None
        if due_from is not None and after is not None and sort is Sort.FOLLOW_UP_AT:
            has_cursor = after.at >= due_from  # only the tighter bound, as in ``_bounds``
            has_follow_up_from = not has_cursor
        return cls(
            has_from=has_from,
            has_to=has_to,
            has_cursor=has_cursor,
            has_email=lead_filter.email_key is not None,
            has_source=lead_filter.source is not None,
            touch=tuple(sorted(lead_filter.touch)),
            last_touch=tuple(sorted(lead_filter.last_touch)),
            has_owner=lead_filter.owner is not None,
            is_unowned=lead_filter.is_unowned,
            has_search=lead_filter.search is not None,
            has_primary=lead_filter.duplicate_of is not None,
            has_follow_up_from=has_follow_up_from,
            has_follow_up_to=lead_filter.follow_up is not None and lead_filter.follow_up.end is not None,
            states=len(lead_filter.states),
            is_waiting=lead_filter.is_waiting,
            is_on_hold=lead_filter.is_on_hold,
            duplicates=lead_filter.duplicates,
            sort=sort,
        )


def page_values(
    lead_filter: LeadFilter, after: Cursor | None, limit: int, full_text: FullText
) -> dict[str, object]:
    """The values of the parameters of a page's statement."""
    values: dict[str, object] = {
        "created_from": lead_filter.created_from,
        "created_to": lead_filter.created_to,
        "email_key": lead_filter.email_key,
        "source": lead_filter.source,
        **lead_filter.touch,
        **{f"{LAST_TOUCH}{name}": text for name, text in lead_filter.last_touch.items()},
        "owner": lead_filter.owner,
        "duplicate_of": lead_filter.duplicate_of,
        "follow_up_from": lead_filter.follow_up and lead_filter.follow_up.start,
        "follow_up_to": lead_filter.follow_up and lead_filter.follow_up.end,
        "after_time": after and after.at,
        "after_id": after and after.id,
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
    as_text: TimestampAsText | None = None,
    plan: SearchPlan | None = None,
) -> peewee.Node:
    """Select a page: all columns, or those of the lead payload if ``as_text`` converts timestamps to text.

    With ``plan``, the matches of the search are found in that way.
    """
    columns = lead_columns(LeadRow) if as_text is None else payload_columns(as_text)
    if plan is not None:
        found = LeadRow.select(*columns).where(LeadRow.id.in_(_ids(variant, full_text, likelihood, plan)))
        return _ordered(found, variant)
    query = LeadRow.select(*columns).limit(param("limit"))
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    latest_first = variant.sort.is_descending
    if variant.has_search:
        query = full_text.narrow(query, leads_first=variant.checks_search)
        if variant.sort.key == Sort.CREATED_AT and not variant.checks_search:
            ordered = full_text.by_creation(query, latest_first=latest_first, has_cursor=variant.has_cursor)
            if ordered is not None:
                return ordered
    return _in_order(query, variant)


def count_page(
    variant: ListQueryVariant,
    full_text: FullText,
    likelihood: Likelihood,
    are_few: bool,  # noqa: FBT001 - a variant consists of flags
) -> peewee.Node:
    """Count the rows that ``select_page`` selects, in the order that an index over the conditions has.

    Those of a search with few matches (``are_few``) are counted match by match.
    """
    has_text = variant.has_source or bool(variant.touch)
    is_selective = variant.has_owner or variant.is_unowned or has_text or variant.states == 1
    if variant.has_follow_up_to:
        variant = evolve(variant, sort=Sort.FOLLOW_UP_AT)
    elif is_selective or variant.is_waiting:
        variant = evolve(variant, sort=Sort.LATEST_CREATED, walks_all=False)
    query = LeadRow.select(LeadRow.id).limit(param("limit"))
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    if are_few:
        return count_leads(full_text, query)
    if variant.has_search:
        found = full_text.narrow(query, leads_first=variant.checks_search)
    else:
        found = _in_order(query, variant)
    return peewee.Select([found.alias("found")], [peewee.fn.COUNT(peewee.SQL("*")).alias("leads")])


def _ids(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood, plan: SearchPlan
) -> peewee.Node:
    """The ids of the page, which are few: only their leads are read whole."""
    query = LeadRow.select(LeadRow.id, getattr(LeadRow, variant.sort.key).alias("sort_key"))
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    query = _in_order(query, variant)
    order = PageOrder(latest_first=variant.sort.is_descending, has_cursor=variant.has_cursor)
    if plan.most_read is not None:
        return ids_of_latest(full_text, query, plan.most_read, order)
    if plan.most_sorted is not None:
        return ids_of_first_matches(full_text, query, plan.most_sorted, order)
    return ids_of_matches(full_text, query, order)


def _bounds(lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> tuple[bool, bool, bool]:
    """Decide whether the statement compares with the start, the end and the cursor.

    If a cursor and a bound limit the same side, SQLite scans from the looser to the tighter one. Only the
    tighter one is therefore a part of the statement.
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
    # Few follow-ups are due, which SQLite cannot know without statistics.
    is_due = likelihood(row.follow_up_at < param("follow_up_to"), 0.0001)
    # Most leads have no follow-up; a list in another order must not be sorted for the sake of this condition.
    is_planned: peewee.Node = row.follow_up_at >= param("follow_up_from")
    if variant.has_owner and variant.sort is not Sort.FOLLOW_UP_AT:
        is_planned = likelihood(row.follow_up_at >= param("follow_up_from"), 0.95)
    conditions = [
        (variant.has_from, row.created_at >= param("created_from")),
        (variant.has_to, row.created_at < param("created_to")),
        (variant.has_email, _has_email(variant.duplicates)),
        (variant.has_source, row.source == param("source")),
        *((True, getattr(row, name) == param(name)) for name in variant.touch),
        *((True, has_last_touch(name)) for name in variant.last_touch),
        *((True, has_enquiry_with(name)) for name in variant.last_touch[: variant.finds_enquiries]),
        (variant.has_owner, row.owner == param("owner")),
        (variant.is_unowned and variant.walks_all, _without_index(row.owner) == ""),
        (variant.is_unowned and not variant.walks_all, row.owner.is_null()),
        (variant.has_primary, row.duplicate_of == param("duplicate_of")),
        (variant.has_follow_up_from, is_planned),
        (variant.has_follow_up_to, is_due),
        (variant.states > 0, _has_state(variant, likelihood)),
        # A literal, so that a planner sees that the partial indexes of listed leads have all rows.
        (variant.is_waiting, row.state == peewee.SQL("'PENDING'")),
        (variant.is_on_hold, row.hold.is_null(is_null=False)),
        (variant.duplicates is Duplicates.OPEN and not variant.has_email, IS_LISTED),
        (variant.duplicates is Duplicates.EXCLUDE, row.duplicate_of.is_null()),
        (variant.duplicates is Duplicates.ONLY, row.duplicate_of.is_null(is_null=False)),
    ]
    return [condition for is_requested, condition in conditions if is_requested]


def _has_state(variant: ListQueryVariant, likelihood: Likelihood) -> peewee.Node:
    is_read_by_index = variant.checks_search or not variant.has_search
    is_of_owner = variant.has_owner or variant.is_unowned
    if variant.states == 1 and is_read_by_index and is_of_owner and not variant.walks_all:
        # With the low number SQLite prefers the index over owners and states to the one over owners, with the
        # high one the index in the order of the list to sorting.
        share = 0.05 if variant.sort.key == Sort.CREATED_AT else 0.95
        return likelihood(LeadRow.state == param("state_0"), share)
    state = _without_index(LeadRow.state) if variant.walks_all else LeadRow.state
    return state.in_([param(f"state_{index}") for index in range(variant.states)])


def _without_index(column: peewee.Field) -> peewee.Function:
    """A text column in words that no index has, so that the planner uses the one in the order of the list."""
    return peewee.fn.COALESCE(column, "")


def _has_email(duplicates: Duplicates) -> peewee.Node:
    has_email = LeadRow.identity == param("email_key")
    if duplicates in {Duplicates.EXCLUDE, Duplicates.ONLY}:
        return has_email
    # Each side matches one of the two partial indexes over addresses.
    is_primary, is_duplicate = LeadRow.duplicate_of.is_null(), LeadRow.duplicate_of.is_null(is_null=False)
    either: peewee.Node = (has_email & is_primary) | (has_email & is_duplicate)
    if duplicates is Duplicates.OPEN:
        # IS_LISTED, in words that make SQLite look into no index over states.
        either &= ~(is_duplicate & (LeadRow.state != LeadState.PENDING.value))
    return either


def _in_order(query: Select, variant: ListQueryVariant) -> Select:
    sort_key = peewee.Tuple(getattr(LeadRow, variant.sort.key), LeadRow.id)
    after = peewee.Tuple(param("after_time"), param("after_id"))
    if variant.has_cursor:
        query = query.where(sort_key < after if variant.sort.is_descending else sort_key > after)
    return _ordered(query, variant)


def _ordered(query: Select, variant: ListQueryVariant) -> Select:
    column = getattr(LeadRow, variant.sort.key)
    if variant.sort.is_descending:
        return query.order_by(column.desc(), LeadRow.id.desc())
    return query.order_by(column, LeadRow.id)
