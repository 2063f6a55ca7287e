"""Statements that begin with all matches of a search, which a database collects before it can order them.

They select the ids of a page, or count leads. Each takes a query of leads that has all conditions except for
the search. Each match is looked up in it, as the lead called ``candidates``.
"""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND

COMMON_IN_SMALL_SAMPLE = 10
"""The matches in the small sample from which on a search is common, so that its matches are not counted."""

_SMALL_SAMPLE_PERCENT, _MAX_SMALL_SAMPLE = 0.1, 2_000  # of all leads; the maximum number of leads
_SAMPLE_PERCENT, _MAX_SAMPLED = 2, 20_000
_MAX_LOOKED_UP = 4_000
"""The maximum number of matches in a sample whose leads are looked at."""

_SECOND_BITS = RANK_IDS_PER_SECOND.bit_length() - 1
"""A ``rank_id`` without so many of its last bits is the second of creation."""


def ids_of_sorted_matches(full_text: FullText, query: Select, order: PageOrder) -> peewee.Node:
    """Select the ids of a page by sorting the leads of all matches."""
    return peewee.NodeList(
        (
            peewee.SQL("("),
            *all_matches(full_text),
            peewee.SQL("SELECT candidates.id FROM matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(") AS candidates ORDER BY"),
            order.of_candidates,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def ids_of_matches(full_text: FullText, query: Select) -> peewee.Node:
    """Select the ids of the leads of all matches, in any order, until there are ``limit``."""
    start, end = peewee.SQL("SELECT candidates.id FROM matches"), peewee.SQL("LIMIT")
    leads = _leads_of_matches(query)
    return peewee.NodeList(
        (peewee.SQL("("), *all_matches(full_text), start, *leads, end, param("limit"), peewee.SQL(")"))
    )


def ids_of_first_matches(
    full_text: FullText, query: Select, most_sorted: int, order: PageOrder
) -> peewee.Node:
    """Select the ids of a page in the order of creation by sorting the matches by ``rank_id``.

    Args:
        full_text: the search.
        query: the ids and sort keys of leads.
        most_sorted: how many matches are read as leads.
        order: the order of the page.
    """
    # OFFSET 0 keeps the planner from walking through all leads in the order of rank_id.
    first = f"OFFSET 0) AS matches ORDER BY rank_id {order.direction} LIMIT {most_sorted})"
    return peewee.NodeList(
        (
            peewee.SQL(
                "(WITH first AS MATERIALIZED (SELECT lead_id, rank_id FROM ("
                "SELECT lead_search.lead_id, lead_search.rank_id FROM lead_search WHERE"
            ),
            full_text.matches(),
            *_within_bounds(order),
            peewee.SQL(first),
            peewee.SQL("SELECT candidates.id FROM first AS matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(f") AS candidates {_of_whole_seconds(most_sorted, order)} ORDER BY"),
            order.of_candidates,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def _within_bounds(order: PageOrder) -> list[peewee.Node]:
    """Conditions of the bounds of ``rank_id``, in words that keep the planner from using its index."""
    bounds = [(">=", "from_rank_id"), ("<", "to_rank_id")]
    if order.has_cursor:
        bounds.append(("<", "end_of_second") if order.latest_first else (">=", "after_rank_id"))
    return [
        part
        for comparison, name in bounds
        for part in (peewee.SQL(f"AND lead_search.rank_id + 0 {comparison}"), param(name))
    ]


def _of_whole_seconds(most_sorted: int, order: PageOrder) -> str:
    """The condition that leaves out the last second of the first matches, unless these are all matches.

    All leads of one second have to be among the matches that are read, or none of them, since ``rank_id``
    does not know their order.
    """
    last, comparison = ("min", ">") if order.latest_first else ("max", "<")
    return (
        f"WHERE (SELECT count(*) < {most_sorted} FROM first) "  # noqa: S608 - a number of a plan
        f"OR matches.rank_id >> {_SECOND_BITS} {comparison} "
        f"(SELECT {last}(rank_id) >> {_SECOND_BITS} FROM first)"
    )


def count_leads_of_matches(full_text: FullText, query: Select) -> peewee.Node:
    """Count the leads of a query that a search finds, at most ``limit``, by looking at all matches."""
    return count_found(peewee.SQL("matches"), *_leads_of_matches(query), before=all_matches(full_text))


def count_leads_of_sample(full_text: FullText, query: Select) -> peewee.Node:
    """Count as ``count_leads_of_matches``, but only among a sample of all leads.

    It gives a lower bound, which is enough for common words, wherever these are.
    """
    sample = peewee.SQL("(SELECT lead_id FROM"), _sample(_SAMPLE_PERCENT, _MAX_SAMPLED), peewee.SQL("WHERE")
    some_matches = (*sample, full_text.matches(), peewee.SQL(f"LIMIT {_MAX_LOOKED_UP})"))
    return count_found(*some_matches, *_leads_of_matches(query))


def count_small_sample(full_text: FullText) -> peewee.Node:
    """Count the matches of a search in a small sample of all leads."""
    sample = _sample(_SMALL_SAMPLE_PERCENT, _MAX_SMALL_SAMPLE)
    return peewee.NodeList(
        (peewee.SQL("SELECT count(*) AS matches FROM"), sample, peewee.SQL("WHERE"), full_text.matches())
    )


def count_found(*found: peewee.Node, before: tuple[peewee.Node, ...] = ()) -> peewee.Node:
    """Count the rows of what stands after ``FROM``, at most ``limit``."""
    start, end = peewee.SQL("SELECT count(*) AS leads FROM (SELECT 1 FROM"), peewee.SQL(") AS counted")
    return peewee.NodeList((*before, start, *found, peewee.SQL("LIMIT"), param("limit"), end))


def all_matches(full_text: FullText) -> tuple[peewee.Node, ...]:
    """The beginning of a statement; its ``matches`` have the ``lead_id`` of each match in the index."""
    start = "WITH matches AS MATERIALIZED (SELECT lead_search.lead_id FROM lead_search WHERE"
    return peewee.SQL(start), full_text.matches(), peewee.SQL(")")


def _leads_of_matches(query: Select) -> tuple[peewee.Node, ...]:
    return peewee.SQL("AS matches CROSS JOIN LATERAL ("), _of_match(query), peewee.SQL(") AS candidates")


def _of_match(query: Select) -> Select:
    """The lead of one match, if the query has it."""
    return query.where(LeadRow.id == peewee.SQL("matches.lead_id")).order_by().limit(peewee.SQL("1"))


def _sample(percent: float, most: int) -> peewee.Node:
    rows = f"lead_search TABLESAMPLE SYSTEM ({percent}) LIMIT {most}"
    return peewee.SQL(f"(SELECT lead_id, search_document FROM {rows}) AS lead_search")  # noqa: S608 - numbers
