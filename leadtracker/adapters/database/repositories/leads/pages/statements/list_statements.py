"""The statements that select or count the leads of a list; each is compiled once for each variant."""

import peewee
from attrs import evolve

from leadtracker.adapters.database.engine.dialects.dialect import Likelihood, Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.repositories.leads.lead_statements import (
    TimestampAsText,
    lead_columns,
    payload_columns,
)
from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.search.matches import (
    count_found,
    count_leads_of_matches,
    count_leads_of_sample,
    ids_of_first_matches,
    ids_of_matches,
    ids_of_sorted_matches,
)
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import (
    CompareLeads,
    ReadMatches,
    SearchPlan,
    SortFirstMatches,
    SortMatches,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.conditions import (
    conditions_of,
    conditions_of_parts,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import (
    merges_indexes,
    merges_states,
    reads_ids_first,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListQueryVariant,
)
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.queries.lead_query import Sort


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
    return _page(LeadRow.select(*columns), variant, full_text, likelihood, plan)


def select_texts(
    variant: ListQueryVariant,
    full_text: FullText,
    likelihood: Likelihood,
    columns: tuple[str, ...],
    plan: SearchPlan | None = None,
) -> peewee.Node:
    """Select the id, the time of creation and some texts of leads as ``select_page`` does."""
    texts = [getattr(LeadRow, column) for column in columns]
    query = LeadRow.select(LeadRow.id, LeadRow.created_at, *texts)
    return _page(query, variant, full_text, likelihood, plan)


def _page(
    page: Select,
    variant: ListQueryVariant,
    full_text: FullText,
    likelihood: Likelihood,
    plan: SearchPlan | None,
) -> peewee.Node:
    order, path = variant.order, variant.path
    ids = _ids_of_page(variant, full_text, likelihood, plan)
    if ids is not None:
        return order.sorted(page.where(LeadRow.id.in_(ids)))
    page = _where(page.limit(param("limit")), variant, likelihood)
    if not variant.conditions.has_search:
        return order.from_cursor(page)
    in_order = full_text.by_creation(page, order) if order.is_by_creation and not path.leads_first else None
    page = order.from_cursor(page) if in_order is None else in_order
    return full_text.narrow(page, leads_first=path.leads_first)


def count_leads(variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood) -> peewee.Node:
    """Count the leads of a list, at most ``limit``; the variant is one ``for_count``."""
    if not variant.conditions.has_search:
        union = _union_of_parts(variant, likelihood, param("limit"))
        return count_found(peewee.SQL("("), *union, peewee.SQL(") AS candidates"))
    query = _where(LeadRow.select(LeadRow.id).limit(param("limit")), variant, likelihood)
    if not variant.path.leads_first:
        # What changed lately is rare among old leads, and what did not change lately among new ones.
        is_old = variant.conditions.has_updated_to and not variant.conditions.has_updated_from
        in_order = full_text.by_creation(query, PageOrder(Sort.CREATED_AT if is_old else Sort.LATEST_CREATED))
        query = query if in_order is None else in_order
    found = full_text.narrow(query, leads_first=variant.path.leads_first)
    return peewee.Select([found.alias("found")], [peewee.fn.COUNT(peewee.SQL("*")).alias("leads")])


def count_compared_leads(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood, most_read: int
) -> peewee.Node:
    """Count as ``count_leads``, by comparing each of the first leads with the search."""
    candidates = _candidates(variant, likelihood, _number(most_read))
    return count_found(peewee.SQL("("), candidates, peewee.SQL(")"), full_text.candidates_that_match())


def count_matching_leads(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood
) -> peewee.Node:
    """Count as ``count_leads``, by looking up the lead of each match of the search."""
    return count_leads_of_matches(full_text, _where(LeadRow.select(LeadRow.id), variant, likelihood))


def count_matching_sample(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood
) -> peewee.Node:
    """Count as ``count_matching_leads``, but only among a sample of all leads, which gives a lower bound."""
    return count_leads_of_sample(full_text, _where(LeadRow.select(LeadRow.id), variant, likelihood))


def _ids_of_page(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood, plan: SearchPlan | None
) -> peewee.Node | None:
    """Select the ids of a page, so that only its few leads are read whole.

    None if the page is read in its order at once.
    """
    order = variant.order
    if isinstance(plan, CompareLeads):
        return _ids_of_compared_leads(variant, full_text, likelihood, plan.most_read)
    if isinstance(plan, ReadMatches):
        return ids_of_matches(full_text, _where(LeadRow.select(LeadRow.id), variant, likelihood))
    if isinstance(plan, SortFirstMatches):
        query = _ids_and_keys(variant, likelihood)
        return ids_of_first_matches(full_text, query, plan.most_sorted, order)
    if isinstance(plan, SortMatches):
        return _ids_of_sorted_matches(variant, full_text, likelihood)
    if not variant.conditions.has_search and reads_ids_first(variant):
        candidates = _candidates(variant, likelihood, param("limit"))
        start = peewee.SQL("(SELECT candidates.id FROM (")
        return peewee.NodeList((start, candidates, peewee.SQL(") AS candidates)")))
    return None


def _ids_of_sorted_matches(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood
) -> peewee.Node:
    if not full_text.has_order:
        return ids_of_sorted_matches(full_text, _ids_and_keys(variant, likelihood), variant.order)
    ids = _where(LeadRow.select(LeadRow.id).limit(param("limit")), variant, likelihood)
    return variant.order.from_cursor(full_text.narrow(ids))


def _ids_of_compared_leads(
    variant: ListQueryVariant, full_text: FullText, likelihood: Likelihood, most_read: int
) -> peewee.Node:
    return peewee.NodeList(
        (
            peewee.SQL("(SELECT candidates.id FROM ("),
            _candidates(variant, likelihood, _number(most_read)),
            peewee.SQL(")"),
            full_text.candidates_that_match(),
            peewee.SQL("ORDER BY"),
            variant.order.of_candidates,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def _candidates(variant: ListQueryVariant, likelihood: Likelihood, limit: peewee.Node) -> peewee.Node:
    """Select the first ids and sort keys in the order of the page, without the search."""
    if not merges_indexes(variant):
        return _ids_and_keys(variant, likelihood).limit(limit)
    direction = variant.order.direction
    order = peewee.SQL(f"ORDER BY sort_key {direction}, id {direction} LIMIT")
    return peewee.NodeList((*_union_of_parts(variant, likelihood, limit), order, limit))


def _union_of_parts(
    variant: ListQueryVariant, likelihood: Likelihood, limit: peewee.Node
) -> list[peewee.Node]:
    """Select the first ids and sort keys of each part of a list."""
    if merges_states(variant):  # each part has one state instead
        each = evolve(variant, conditions=evolve(variant.conditions, states=0))
    else:
        each = variant
    union: list[peewee.Node] = []
    for conditions in conditions_of_parts(variant, likelihood):
        start = "UNION ALL SELECT * FROM (" if union else "SELECT * FROM ("
        # Without a limit PostgreSQL would plan to read the whole part.
        first = _ids_and_keys(each, likelihood, *conditions).limit(limit)
        union += [peewee.SQL(start), first, peewee.SQL(") AS part")]
    return union


def _ids_and_keys(variant: ListQueryVariant, likelihood: Likelihood, *further: peewee.Node) -> Select:
    """Select the ids of leads and their ``sort_key``, in the order of the page."""
    query = LeadRow.select(LeadRow.id, variant.order.column.alias("sort_key"))
    return variant.order.from_cursor(_where(query, variant, likelihood, *further))


def _where(query: Select, variant: ListQueryVariant, likelihood: Likelihood, *further: peewee.Node) -> Select:
    for condition in (*conditions_of(variant, likelihood), *further):
        query = query.where(condition)
    return query


def _number(number: int) -> peewee.Node:
    """A number that is a part of the statement, so that planners know it."""
    return peewee.SQL(str(number))
