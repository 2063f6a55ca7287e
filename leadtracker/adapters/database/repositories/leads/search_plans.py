"""What a full-text search has to provide, and how pages of it are found where its index has no order.

An index of words that does not know the order of a page offers two ways. Reading all its matches and sorting
them is fast for few matches; reading leads in the order of the page until it is full is fast for many. A
planner that estimates wrongly takes seconds instead of milliseconds, so that the statements here leave it no
choice, and the plans are tried in turn.
"""

from collections.abc import Hashable
from typing import Protocol

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statements import param
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.queries.lead_query import Cursor, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search


@frozen
class SearchPlan:
    """One way to find a page of a search.

    Attributes:
        most_read: how many leads are read in the order of the page, from the cursor on, and compared with
            the search; the page may then be incomplete. None to read all matches from the index.
        most_matches: the number of matches in the index up to which the plan is used; None for any number.
    """

    most_read: int | None = None
    most_matches: int | None = None


class FullText(Hashable, Protocol):
    """The full-text search of a database; the statements take the values of ``to_search_values``.

    Attributes:
        plans: those of a page, tried in turn until one finds a complete page; none if the database's planner
            chooses well.
    """

    @property
    def plans(self) -> tuple[SearchPlan, ...]: ...

    def create(self, database: peewee.Database) -> None:
        """Create the index over the search terms, whose table exists already."""
        ...

    def insert(self) -> peewee.Node:
        """The statement that stores the search terms of a new lead."""
        ...

    def update(self) -> peewee.Node:
        """The statement that replaces the search terms of a lead if they differ."""
        ...

    def matches(self) -> peewee.Node:
        """The condition that a row of the table of search terms matches the search."""
        ...

    def narrow(self, query: Select, *, leads_first: bool = False) -> Select:
        """A query of leads, narrowed to those that match the search.

        Args:
            query: selects from the leads.
            leads_first: true if the leads are fewer than the matches, so that each lead is looked at; only
                for a database without ``plans``.
        """
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


def count_matches(full_text: FullText) -> peewee.Node:
    """Count the matches of a search in the index, at most ``most_matches``."""
    # The planner chooses for all matches, and the execution stops at the limit.
    return peewee.NodeList(
        (
            *_all_matches(full_text),
            peewee.SQL("SELECT count(*) AS matches FROM (SELECT 1 FROM matches LIMIT"),
            param("most_matches"),
            peewee.SQL(") AS counted"),
        )
    )


def count_found(full_text: FullText) -> peewee.Node:
    """Count the matches of a search in SQLite's index, at most ``limit``."""
    return peewee.NodeList(
        (
            peewee.SQL("SELECT count(*) AS found FROM (SELECT 1 FROM lead_search_index WHERE"),
            full_text.matches(),
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(") AS counted"),
        )
    )


def ids_of_latest(full_text: FullText, query: Select, most_read: int, order: peewee.Node) -> peewee.Node:
    """Select the ids of a page by reading leads in its order.

    Args:
        full_text: the search.
        query: the ids and sort keys (``sort_key``) of leads in the order of the page, without the search.
        most_read: how many of them to read.
        order: the order of the page, by ``sort_key`` and ``id``.
    """
    return peewee.NodeList(
        (
            peewee.SQL("(SELECT walked.id FROM ("),
            query.limit(peewee.SQL(str(most_read))),
            peewee.SQL(
                ") AS walked CROSS JOIN LATERAL ("
                "SELECT 1 FROM lead_search WHERE lead_search.lead_id = walked.id AND"
            ),
            full_text.matches(),
            peewee.SQL("LIMIT 1) AS found ORDER BY"),
            order,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def ids_of_matches(full_text: FullText, query: Select, order: peewee.Node) -> peewee.Node:
    """Select the ids of a page by sorting all matches; the arguments are those of ``ids_of_latest``."""
    return peewee.NodeList(
        (
            peewee.SQL("("),
            *_all_matches(full_text),
            peewee.SQL("SELECT walked.id FROM matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(") AS walked ORDER BY"),
            order,
            peewee.SQL("LIMIT"),
            param("limit"),
            peewee.SQL(")"),
        )
    )


def count_leads(full_text: FullText, query: Select) -> peewee.Node:
    """Count the leads of a query that the index finds, at most ``limit``; the query has no search itself."""
    return peewee.NodeList(
        (
            *_all_matches(full_text),
            peewee.SQL("SELECT count(*) AS leads FROM (SELECT 1 FROM matches CROSS JOIN LATERAL ("),
            _of_match(query),
            peewee.SQL(") AS walked LIMIT"),
            param("limit"),
            peewee.SQL(") AS counted"),
        )
    )


def _of_match(query: Select) -> Select:
    """The lead of one match, if the query has it."""
    return query.where(LeadRow.id == peewee.SQL("matches.lead_id")).order_by().limit(peewee.SQL("1"))


def _all_matches(full_text: FullText) -> tuple[peewee.Node, ...]:
    start = "WITH matches AS MATERIALIZED (SELECT lead_search.lead_id FROM lead_search WHERE"
    return peewee.SQL(start), full_text.matches(), peewee.SQL(")")
