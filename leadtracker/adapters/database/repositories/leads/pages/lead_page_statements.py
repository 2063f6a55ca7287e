"""The statements of pages of leads: one for each combination of conditions."""

from collections.abc import Callable

import peewee
from attrs import evolve

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statements import param
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
    count_by_plan,
    ids_of_first_matches,
    ids_of_latest,
    ids_of_matches,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.leads import IS_LISTED
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort

Likelihood = Callable[[peewee.Expression, float], peewee.Node]


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
    """Count the rows that ``select_page`` selects, in the order that an index over the conditions has.

    With ``plan``, the matches of the search are found in that way: one by one if it has no limit.
    """
    has_text = variant.has_source or bool(variant.touch)
    is_selective = variant.has_owner or variant.is_unowned or has_text or variant.states == 1
    if variant.has_follow_up_to:
        variant = evolve(variant, sort=Sort.FOLLOW_UP_AT)
    elif is_selective or variant.is_waiting or variant.needs_union:
        variant = evolve(variant, sort=Sort.LATEST_CREATED, walks_all=False)
    query = LeadRow.select(LeadRow.id).limit(param("limit"))
    for condition in _conditions(variant, likelihood):
        query = query.where(condition)
    if plan is not None:
        return count_by_plan(full_text, query, plan)
    if variant.has_search:
        found = full_text.narrow(query, leads_first=variant.checks_search)
    else:
        found = _in_order(query, variant)
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
    """The first ids and sort keys in the order of the page.

    Listed leads come from the index in that order. Answered duplicates are in none, but few, and are sorted.
    """
    if not variant.needs_union:
        return _id_and_key(variant, likelihood).limit(most)
    is_answered = LeadRow.duplicate_of.is_null(is_null=False) & (LeadRow.state != peewee.SQL("'PENDING'"))
    direction = "DESC" if variant.sort.is_descending else "ASC"
    return peewee.NodeList(
        (
            peewee.SQL("SELECT * FROM ("),
            _id_and_key(variant, likelihood, IS_LISTED).limit(most),
            peewee.SQL(") AS listed UNION ALL SELECT * FROM ("),
            _id_and_key(variant, likelihood, is_answered).limit(most),
            peewee.SQL(f") AS answered ORDER BY sort_key {direction}, id {direction} LIMIT"),
            most,
        )
    )


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
        (
            variant.has_source,
            (_without_index(row.source) if variant.walks_all else row.source) == param("source"),
        ),
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
