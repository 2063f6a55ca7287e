"""The interface to the full-text search of a database, and the part that both databases share.

The domain decides which terms a text has, so neither database splits text by rules of its engine.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Protocol

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import first_rank_id
from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import SearchPlan
from leadtracker.adapters.database.tables import LeadSearchRow
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor

_MIN_RANK_ID, _MAX_RANK_ID = -(1 << 63), (1 << 63) - 1


class FullText(Hashable, Protocol):
    """The full-text search of a database.

    The statements that store search terms take the values of ``to_search_values``, those that search take the
    values of ``search_values``.

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
            leads_first: true if the leads are fewer than the matches, so that each lead is compared with the
                search; only for a database whose index has the order of creation.
        """
        ...

    def candidates_that_match(self) -> peewee.Node:
        """Continue ``FROM (…)`` by the name ``candidates`` and a join with the search terms that match."""
        ...

    def by_creation(self, query: Select, order: PageOrder) -> "Select | None":
        """A query of leads in the order of creation, from the cursor on, which ``narrow`` has to narrow then.

        None if the index does not provide that order.
        """
        ...

    def search_values(
        self, search: Search, lead_filter: LeadFilter, after: Cursor | None
    ) -> dict[str, object]:
        """The values of the parameters of a narrowed query."""
        ...


def update_document(search_document: peewee.Node) -> peewee.Node:
    """Replace the search document of a lead if it differs."""
    row = LeadSearchRow
    return row.update({row.search_document: search_document}).where(
        row.lead == param("lead_id"), row.search_document != search_document
    )


def count_at_most(*query: peewee.Node, before: tuple[peewee.Node, ...] = ()) -> peewee.Node:
    """Count the rows of a query, at most ``most_matches``; ``before`` stands before the statement."""
    start, end = peewee.SQL("SELECT count(*) AS matches FROM ("), peewee.SQL(") AS counted")
    return peewee.NodeList((*before, start, *query, peewee.SQL("LIMIT"), param("most_matches"), end))


def rank_id_values(lead_filter: LeadFilter, after: Cursor | None) -> dict[str, object]:
    """The bounds of a page in the order of creation: whole seconds."""
    start, end = lead_filter.created_from, lead_filter.created_to
    return {
        "after_rank_id": after and first_rank_id(after.at),
        "end_of_second": after and first_rank_id(after.at) + RANK_IDS_PER_SECOND,
        "from_rank_id": _MIN_RANK_ID if start is None else first_rank_id(start),
        "to_rank_id": _MAX_RANK_ID if end is None else first_rank_id(end) + RANK_IDS_PER_SECOND,
    }


def any_of(beginnings: tuple[str, ...], pattern: str, either: str) -> str:
    """Return a search for words that have one of these beginnings, in the syntax of a database.

    Args:
        beginnings: of words.
        pattern: the search for one beginning, with ``{}`` in its place.
        either: the operator between alternatives.
    """
    return f"({either.join(map(pattern.format, beginnings))})"
