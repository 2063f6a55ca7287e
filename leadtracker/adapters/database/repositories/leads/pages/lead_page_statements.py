"""The statements of pages of leads: one for each combination of conditions."""

from collections.abc import Callable

import peewee
from attrs import evolve

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.repositories.leads.lead_statements import (
    TimestampAsText,
    has_enquiry_with,
    has_last_touch,
    lead_columns,
    payload_columns,
)
from leadtracker.adapters.database.repositories.leads.pages.list_query_variant import ListQueryVariant
from leadtracker.adapters.database.repositories.leads.pages.search_plans import (
    FullText,
    PageOrder,
    SearchPlan,
    count_found,
    count_matches,
    ids_of_first_matches,
    ids_of_latest,
    ids_of_matches,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.lead_indexes import IS_ANSWERED_DUPLICATE, IS_LISTED
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort

Likelihood = Callable[[peewee.Expression, float], peewee.Node]

# With the low share of a state SQLite prefers the index over owners and states to the one over owners, with
# the high one the index in the order of the list to sorting.
_SHARE_BY_STATE, _SHARE_BY_ORDER = 0.05, 0.95
# With the low share of changed leads SQLite finds and sorts them, with the high one it walks in the order of
# the list.
_SHARE_IF_FEW, _SHARE_IF_MANY = 0.0001, 0.95


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
    ids: peewee.Node | None = None
    if plan is not None and not (plan.is_complete and full_text.has_order):
        ids = _ids(variant, full_text, likelihood, plan)
    elif not variant.has_search and variant.needs_union:
        walked = (peewee.SQL("(SELECT walked.id FROM ("), _walked(variant, likelihood, param("limit")))
        ids = peewee.NodeList((*walked, peewee.SQL(") AS walked)")))
    if ids is not None:
        return _ordered(LeadRow.select(*columns).where(LeadRow.id.in_(ids)), variant)
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
    plan: SearchPlan | None = None,
) -> peewee.Node:
    """Count the rows that ``select_page`` selects; the variant is one ``for_count``.

    With ``plan``, the matches of the search are found in that way: one by one if it has no limit.
    """
    if plan is not None and plan.most_read is not None:
        walked = _walked(variant, likelihood, peewee.SQL(str(plan.most_read)))
        return count_found(peewee.SQL("("), walked, peewee.SQL(")"), full_text.with_walked())
    if plan is None and not variant.has_search:
        union = _union(variant, likelihood, param("limit"))
        return count_found(peewee.SQL("("), *union, peewee.SQL(") AS walked"))
    query = LeadRow.select(LeadRow.id)
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    if plan is not None:
        return count_matches(full_text, query, is_sample=plan.is_sample)
    found = full_text.narrow(query.limit(param("limit")), leads_first=variant.checks_search)
    return peewee.Select([found.alias("found")], [peewee.fn.COUNT(peewee.SQL("*")).alias("leads")])


def _ids(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood, plan: SearchPlan
) -> peewee.Node:
    """The ids of the page, which are few: only their leads are read whole."""
    query = _id_and_key(variant, likelihood)
    order = PageOrder(latest_first=variant.sort.is_descending, has_cursor=variant.has_cursor)
    if plan.most_read is not None:
        walked = _walked(variant, likelihood, peewee.SQL(str(plan.most_read)))
        return ids_of_latest(full_text, walked, order)
    if plan.most_sorted is not None:
        return ids_of_first_matches(full_text, query, plan.most_sorted, order)
    return ids_of_matches(full_text, query, order)


def _id_and_key(variant: ListQueryVariant, likelihood: Likelihood, *further: peewee.Node) -> Select:
    """The ids of leads and ``sort_key``, in the order of the page."""
    query = LeadRow.select(LeadRow.id, getattr(LeadRow, variant.sort.key).alias("sort_key"))
    for condition in (*_conditions(variant, likelihood), *further):
        query = query.where(condition)
    return _in_order(query, variant)


def _walked(variant: ListQueryVariant, likelihood: Likelihood, most: peewee.Node) -> peewee.Node:
    """The first ids and sort keys in the order of the page, merged from its parts."""
    if not variant.needs_union:
        return _id_and_key(variant, likelihood).limit(most)
    direction = "DESC" if variant.sort.is_descending else "ASC"
    order = peewee.SQL(f"ORDER BY sort_key {direction}, id {direction} LIMIT")
    return peewee.NodeList((*_union(variant, likelihood, most), order, most))


def _union(variant: ListQueryVariant, likelihood: Likelihood, most: peewee.Node) -> list[peewee.Node]:
    """The first ids and sort keys of each part of a page."""
    each = evolve(variant, states=0) if variant.merges_states else variant
    union: list[peewee.Node] = []
    for part in _parts(variant, likelihood):
        start = "UNION ALL SELECT * FROM (" if union else "SELECT * FROM ("
        # Without a limit PostgreSQL would plan to read the whole part.
        first = _id_and_key(each, likelihood, *part).limit(most)
        union += [peewee.SQL(start), first, peewee.SQL(") AS part")]
    return union


def _parts(variant: ListQueryVariant, likelihood: Likelihood) -> list[tuple[peewee.Node, ...]]:
    """The conditions of the parts of a page, each of which an index has in its order."""
    if variant.merges_states:
        states = range(variant.states or len(LeadState))
        return [(_is_in_state(index, likelihood, _SHARE_BY_STATE),) for index in states]
    if variant.lacks_answered:
        return [(IS_LISTED,), (IS_ANSWERED_DUPLICATE,)]
    return [()]


def _conditions(variant: ListQueryVariant, likelihood: Likelihood) -> list[peewee.Node]:
    row = LeadRow
    # Few follow-ups are due, which SQLite cannot know without statistics.
    is_due = likelihood(row.follow_up_at < param("follow_up_to"), 0.0001)
    # Most leads have no follow-up; a list in another order must not be sorted for the sake of this condition.
    is_planned: peewee.Node = row.follow_up_at >= param("follow_up_from")
    if variant.has_owner and variant.sort is not Sort.FOLLOW_UP_AT:
        is_planned = likelihood(row.follow_up_at >= param("follow_up_from"), 0.95)
    has_other_index = variant.walks_all or variant.merges_states
    source = _without_index(row.source) if has_other_index else row.source
    conditions = [
        (variant.has_from, row.created_at >= param("created_from")),
        (variant.has_to, row.created_at < param("created_to")),
        (variant.has_updated_from, _is_updated(variant, likelihood, row.updated_at >= param("updated_from"))),
        (variant.has_updated_to, _is_updated(variant, likelihood, row.updated_at < param("updated_to"))),
        (variant.has_email, _has_email(variant.duplicates)),
        (variant.has_source, source == param("source")),
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


def _is_updated(
    variant: ListQueryVariant, likelihood: Likelihood, is_in_range: peewee.Expression
) -> peewee.Node:
    if variant.sort.key == Sort.UPDATED_AT:
        return is_in_range
    return likelihood(is_in_range, _SHARE_IF_FEW if variant.finds_updated else _SHARE_IF_MANY)


def _has_state(variant: ListQueryVariant, likelihood: Likelihood) -> peewee.Node:
    is_read_by_index = variant.checks_search or not variant.has_search
    is_of_owner = variant.has_owner or variant.is_unowned
    if variant.states == 1 and is_read_by_index and is_of_owner and not variant.walks_all:
        is_by_creation = variant.sort.key == Sort.CREATED_AT
        return _is_in_state(0, likelihood, _SHARE_BY_STATE if is_by_creation else _SHARE_BY_ORDER)
    state = _without_index(LeadRow.state) if variant.walks_all else LeadRow.state
    return state.in_([param(f"state_{index}") for index in range(variant.states)])


def _is_in_state(index: int, likelihood: Likelihood, share: float) -> peewee.Node:
    return likelihood(LeadRow.state == param(f"state_{index}"), share)


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
