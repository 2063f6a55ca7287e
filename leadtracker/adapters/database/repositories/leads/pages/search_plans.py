"""What a full-text search has to provide, and how pages of it are found where its index has no order.

An index of words that does not know the order of a page offers three ways. Reading all its matches with their
leads and sorting them is fast for few matches; reading leads in the order of the page until it is full is
fast for many. Where many leads match, but none near the beginning of the page, the matches are sorted by
what the table of search terms knows of the order, and only the first ones are read as leads. A planner that
estimates wrongly takes seconds instead of milliseconds, so that the statements here leave it no choice, and
the plans are tried in turn.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Protocol

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor

_SMALL_SAMPLE_PERCENT, _MAX_SMALL_SAMPLE = 0.1, 2_000
_SAMPLE_PERCENT, _MAX_SAMPLED = 2, 20_000
_MAX_LOOKED_UP = 4_000
"""The number of matches of a sample whose leads are looked at."""


@frozen
class SearchPlan:
    """One way to find a page of a search.

    Attributes:
        most_matches: the number of matches in the index up to which the plan is used; None for any number.
        most_read: how many leads are read in the order of the page, from the cursor on, and compared with
            the search; the page may then be incomplete. None to read all matches from the index.
        most_sorted: how many matches are read as leads, the first ones by ``rank_id``; the page may then be
            incomplete. Only for the order of creation. None to read all of them.
        is_promised: true to use the plan only if what was read before lets expect a full page.
        is_sample: true to count among a sample of all leads, which gives a lower bound.
    """

    most_matches: int | None = None
    most_read: int | None = None
    most_sorted: int | None = None
    is_promised: bool = False
    is_sample: bool = False

    @property
    def is_complete(self) -> bool:
        """True if the page has every lead that it should have."""
        return self.most_read is None and self.most_sorted is None


@frozen
class PageOrder:
    """The order of a page, and whether it begins at a cursor."""

    latest_first: bool
    has_cursor: bool

    @property
    def direction(self) -> str:
        """The direction in SQL."""
        return "DESC" if self.latest_first else "ASC"

    @property
    def by(self) -> peewee.Node:
        """The order of what was walked through, by ``sort_key`` and ``id``."""
        return peewee.SQL(f"walked.sort_key {self.direction}, walked.id {self.direction}")


class FullText(Hashable, Protocol):
    """The full-text search of a database; the statements take the values of ``to_search_values``.

    Attributes:
        has_order: true if the index has the order of creation, so that a page in that order needs no plan.
        plans: those of a page, tried in turn until one finds a complete page.
        insertions: the statements that store the search terms of a new lead, in this order.
    """

    has_order: ClassVar[bool]

    @property
    def plans(self) -> tuple[SearchPlan, ...]: ...

    @property
    def insertions(self) -> tuple[Build, ...]: ...

    def create(self, database: peewee.Database) -> None:
        """Create the index over the search terms, whose table exists already."""
        ...

    def insert_all(self, executor: StatementExecutor, documents: Sequence[Mapping[str, object]]) -> None:
        """Store the search terms of new leads, in the order of their creation."""
        ...

    def update(self) -> peewee.Node:
        """The statement that replaces the search terms of a lead if they differ."""
        ...

    def matches(self) -> peewee.Node:
        """The condition that a row of the table of search terms matches the search."""
        ...

    def count_matches(self) -> peewee.Node:
        """Count the matches of a search in the index, at most ``most_matches``."""
        ...

    def narrow(self, query: Select, *, leads_first: bool = False) -> Select:
        """A query of leads, narrowed to those that match the search.

        Args:
            query: selects from the leads.
            leads_first: true if the leads are fewer than the matches, so that each lead is looked at; only
                for a database without ``plans``.
        """
        ...

    def with_walked(self) -> peewee.Node:
        """Continue ``FROM (…)`` by the name ``walked`` and a join with the search terms that match."""
        ...

    def by_creation(self, query: Select, *, latest_first: bool, has_cursor: bool) -> "Select | None":
        """A narrowed query in the order of creation, after the cursor if it ``has_cursor``.

        None if the index does not provide that order.
        """
        ...

    def search_values(
        self, search: Search, lead_filter: LeadFilter, after: Cursor | None
    ) -> dict[str, object]:
        """The values of the parameters of a narrowed query."""
        ...


def ids_of_latest(full_text: FullText, query: peewee.Node, order: PageOrder) -> peewee.Node:
    """Select the ids of a page by reading leads in its order.

    Args:
        full_text: the search.
        query: the ids and sort keys (``sort_key``) of leads in the order of the page, without the search, at
            most ``most_read``; for other functions without that limit.
        order: the order of the page.
    """
    return peewee.NodeList(
        (
            peewee.SQL("(SELECT walked.id FROM ("),
            query,
            peewee.SQL(")"),
            full_text.with_walked(),
            peewee.SQL("ORDER BY"),
            order.by,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def ids_of_matches(full_text: FullText, query: Select, order: PageOrder) -> peewee.Node:
    """Select the ids of a page by sorting all matches; the arguments are those of ``ids_of_latest``."""
    return peewee.NodeList(
        (
            peewee.SQL("("),
            *all_matches(full_text),
            peewee.SQL("SELECT walked.id FROM matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(") AS walked ORDER BY"),
            order.by,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def ids_of_first_matches(
    full_text: FullText, query: Select, most_sorted: int, order: PageOrder
) -> peewee.Node:
    """Select the ids of a page in the order of creation by sorting the matches by ``rank_id``.

    Args:
        full_text: the search.
        query: as for ``ids_of_latest``.
        most_sorted: how many matches are read as leads.
        order: the order of the page.
    """
    # All leads of one second have to be among the matches that are read, or none of them, since rank_id does
    # not know their order.
    last, further = ("min", ">") if order.latest_first else ("max", "<")
    shift = RANK_IDS_PER_SECOND.bit_length() - 1
    # OFFSET 0 keeps the planner from walking through all leads in the order of rank_id.
    first = f"OFFSET 0) AS matches ORDER BY rank_id {order.direction} LIMIT {most_sorted})"
    whole_seconds = (
        f"WHERE (SELECT count(*) < {most_sorted} FROM first) "  # noqa: S608 - a number of a plan
        f"OR matches.rank_id >> {shift} {further} (SELECT {last}(rank_id) >> {shift} FROM first)"
    )
    return peewee.NodeList(
        (
            peewee.SQL(
                "(WITH first AS MATERIALIZED (SELECT lead_id, rank_id FROM ("
                "SELECT lead_search.lead_id, lead_search.rank_id FROM lead_search WHERE"
            ),
            full_text.matches(),
            *_within(order),
            peewee.SQL(first),
            peewee.SQL("SELECT walked.id FROM first AS matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(f") AS walked {whole_seconds} ORDER BY"),
            order.by,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def _within(order: PageOrder) -> list[peewee.Node]:
    """Conditions of the bounds of ``rank_id``, in words that keep the planner from using its index."""
    bounds = [(">=", "from_rank_id"), ("<", "to_rank_id")]
    if order.has_cursor:
        bounds.append(("<", "end_of_second") if order.latest_first else (">=", "after_rank_id"))
    return [
        part
        for comparison, name in bounds
        for part in (peewee.SQL(f"AND lead_search.rank_id + 0 {comparison}"), param(name))
    ]


def count_matches(full_text: FullText, query: Select, *, is_sample: bool) -> peewee.Node:
    """Count the leads of a query that a search finds, at most ``limit``; the query has no search itself.

    Args:
        full_text: the search.
        query: selects from the leads.
        is_sample: true to look at a sample of all leads, which gives a lower bound for common words, wherever
            they are; false to look at all matches.
    """
    lead = (peewee.SQL("AS matches CROSS JOIN LATERAL ("), _of_match(query), peewee.SQL(") AS walked"))
    if not is_sample:
        return count_found(peewee.SQL("matches"), *lead, before=all_matches(full_text))
    sample = peewee.SQL("(SELECT lead_id FROM"), _sample(_SAMPLE_PERCENT, _MAX_SAMPLED), peewee.SQL("WHERE")
    return count_found(*sample, full_text.matches(), peewee.SQL(f"LIMIT {_MAX_LOOKED_UP})"), *lead)


def count_found(*found: peewee.Node, before: tuple[peewee.Node, ...] = ()) -> peewee.Node:
    """Count the rows of what stands after ``FROM``, at most ``limit``."""
    start, end = peewee.SQL("SELECT count(*) AS leads FROM (SELECT 1 FROM"), peewee.SQL(") AS counted")
    return peewee.NodeList((*before, start, *found, peewee.SQL("LIMIT"), param("limit"), end))


def count_common(full_text: FullText) -> peewee.Node:
    """Count the matches of a search in a small sample of all leads: ten of a thousand, and it is common."""
    sample = _sample(_SMALL_SAMPLE_PERCENT, _MAX_SMALL_SAMPLE)
    return peewee.NodeList(
        (peewee.SQL("SELECT count(*) AS matches FROM"), sample, peewee.SQL("WHERE"), full_text.matches())
    )


def _sample(percent: float, most: int) -> peewee.Node:
    rows = f"lead_search TABLESAMPLE SYSTEM ({percent}) LIMIT {most}"
    return peewee.SQL(f"(SELECT lead_id, search_document FROM {rows}) AS lead_search")  # noqa: S608 - numbers


def _of_match(query: Select) -> Select:
    """The lead of one match, if the query has it."""
    return query.where(LeadRow.id == peewee.SQL("matches.lead_id")).order_by().limit(peewee.SQL("1"))


def all_matches(full_text: FullText) -> tuple[peewee.Node, ...]:
    """The beginning of a statement; its ``matches`` have the ``lead_id`` of each match in the index."""
    start = "WITH matches AS MATERIALIZED (SELECT lead_search.lead_id FROM lead_search WHERE"
    return peewee.SQL(start), full_text.matches(), peewee.SQL(")")
