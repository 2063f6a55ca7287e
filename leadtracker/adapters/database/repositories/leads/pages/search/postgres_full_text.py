"""Full-text search on PostgreSQL: a tsvector under a GIN index."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.row_batches import rows_as_json
from leadtracker.adapters.database.engine.statement_names import Parameter, param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import (
    FullText,
    any_of,
    count_at_most,
    rank_id_values,
    update_document,
)
from leadtracker.adapters.database.repositories.leads.pages.search.matches import all_matches
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import (
    CompareLeads,
    SearchPlan,
    SortFirstMatches,
    SortMatches,
)
from leadtracker.adapters.database.tables import LeadRow, LeadSearchRow
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor

# Concurrent transactions take different numbers.
_NEXT_NUMBER = f"mod(nextval('lead_search_rank_id_seq'), {RANK_IDS_PER_SECOND})"
_DOCUMENTS = f"""
    SELECT first_rank_id + {_NEXT_NUMBER}, lead_id, array_to_tsvector(string_to_array(search_document, ' '))
    FROM json_to_recordset(CAST(%s AS json))
        AS lead (first_rank_id bigint, lead_id text, search_document text)
"""  # noqa: S608 - a number of ours


def _insert_vector() -> peewee.Node:
    """Insert the document of a new lead, which its index covers."""
    rank_id = peewee.NodeList((peewee.SQL("CAST("), param("first_rank_id"), peewee.SQL("AS bigint) +")))
    row = LeadSearchRow
    return row.insert(
        {
            row.rank_id: peewee.NodeList((rank_id, peewee.SQL(_NEXT_NUMBER))),
            row.lead: param("lead_id"),
            row.search_document: _vector(),
        }
    )


def _insert_documents() -> peewee.Node:
    """Insert the search documents of the JSON text ``rows``."""
    row = LeadSearchRow
    return row.insert_from(
        peewee.SQL(_DOCUMENTS, (Parameter("rows"),)), [row.rank_id, row.lead, row.search_document]
    )


def _vector() -> peewee.Node:
    cast = (peewee.SQL("CAST("), param("search_document"), peewee.SQL("AS text)"))
    return peewee.fn.ARRAY_TO_TSVECTOR(peewee.fn.STRING_TO_ARRAY(peewee.NodeList(cast), " "))


@frozen
class PostgresFullText(FullText):
    """A tsvector under a GIN index, built from the terms themselves, without PostgreSQL's parser.

    GIN knows no order: all matches of a search are collected before they can be combined or sorted.
    """

    has_order: ClassVar[bool] = False
    plans: tuple[SearchPlan, ...] = (
        CompareLeads(600),  # fills a page of a word that one in ten leads has, in milliseconds
        SortMatches(most_matches=1_000),
        SortFirstMatches(1_000, most_matches=10_000),
        SortMatches(most_matches=10_000),  # of which almost all are none of the leads that are asked for
        CompareLeads(6_000, if_promising=True),  # fills a page of what one in a hundred leads has
        SortFirstMatches(1_000),  # of many matches, most of them far from the beginning of the page
        CompareLeads(20_000),
        SortMatches(),
    )
    insertions: tuple[Build, ...] = (_insert_vector,)

    def insert_all(self, executor: StatementExecutor, documents: Sequence[Mapping[str, object]]) -> None:
        if documents:
            executor.write(_insert_documents, rows=rows_as_json(documents))

    def create(self, database: peewee.Database) -> None:
        database.execute_sql("CREATE INDEX lead_search_document ON lead_search USING gin (search_document)")

    def update(self) -> peewee.Node:
        return update_document(_vector())

    def matches(self) -> peewee.Node:
        column = peewee.SQL("lead_search.search_document @@ CAST(")
        return peewee.NodeList((column, param("search"), peewee.SQL("AS tsquery)")))

    def count_matches(self) -> peewee.Node:
        # The planner chooses for all matches, and the execution stops at the limit.
        return count_at_most(peewee.SQL("SELECT 1 FROM matches"), before=all_matches(self))

    def narrow(self, query: Select, *, leads_first: bool = False) -> Select:  # noqa: ARG002
        return query.from_(peewee.NodeList((peewee.SQL("lead_search,"), LeadRow))).where(
            self.matches(), LeadRow.id == peewee.SQL("lead_search.lead_id")
        )

    def candidates_that_match(self) -> peewee.Node:
        found = "(SELECT 1 FROM lead_search WHERE lead_search.lead_id = candidates.id AND"
        join = peewee.SQL(f"AS candidates CROSS JOIN LATERAL {found}")
        return peewee.NodeList((join, self.matches(), peewee.SQL("LIMIT 1) AS found")))

    def by_creation(self, query: Select, order: PageOrder) -> "Select | None":  # noqa: ARG002
        return None

    def search_values(
        self, search: Search, lead_filter: LeadFilter, after: Cursor | None
    ) -> dict[str, object]:
        words = " & ".join(any_of(spellings, "'{}':*", " | ") for spellings in search.words)
        numbers = any_of(search.numbers, "'{}':*", " | ")
        found_by = f"({words}) | {numbers}" if search.numbers else words
        return {"search": found_by, **rank_id_values(lead_filter, after)}
