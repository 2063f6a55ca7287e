"""Full-text search on SQLite: FTS5 over the table of search documents."""

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import (
    FullText,
    any_of,
    count_at_most,
    rank_id_values,
    update_document,
)
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import (
    CompareLeads,
    SearchPlan,
    SortMatches,
)
from leadtracker.adapters.database.tables import LeadRow, LeadSearchRow
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor

_CREATE = (
    """
    CREATE VIRTUAL TABLE lead_search_index USING fts5(
        search_document, content='lead_search', content_rowid='rank_id', detail=none, columnsize=0,
        tokenize='ascii', prefix='1 2 3 4 5 6 7 8 9 10 11 12'
    )
    """,
    # Without this, the terms of an erased person would stay in the index until it is rewritten.
    "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('secure-delete', 1)",
    # Merging half as often saves a sixth of the time of an insertion each time, and costs searches little.
    "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('automerge', 16)",
    """
    CREATE TRIGGER lead_search_deleted AFTER DELETE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
    END
    """,
    """
    CREATE TRIGGER lead_search_updated AFTER UPDATE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
        INSERT INTO lead_search_index (rowid, search_document) VALUES (new.rank_id, new.search_document);
    END
    """,
)
# What MATCH means, for one lead: for each word, one of its spellings begins a term. To look for one lead in
# the index takes ten times as long.
_IS_FOUND_BY = "NOT EXISTS (SELECT 1 FROM json_each("
_HAS_NONE = """
    ) AS word WHERE NOT EXISTS (
        SELECT 1 FROM json_each(word.value) AS spelling
        WHERE instr(' ' || lead_search.search_document, ' ' || spelling.value)
    ))
"""


def _insert_document() -> peewee.Node:
    """Insert the document of a new lead."""
    # SQLite has one writer at a time, so no other transaction can take the same rank_id.
    row = LeadSearchRow
    taken = row.select(row.rank_id).where(row.rank_id.between(param("first_rank_id"), param("last_rank_id")))
    last = taken.order_by(row.rank_id.desc()).limit(1)
    rank_id = peewee.fn.COALESCE(peewee.NodeList((last, peewee.SQL("+ 1"))), param("first_rank_id"))
    return row.insert(
        {row.rank_id: rank_id, row.lead: param("lead_id"), row.search_document: param("search_document")}
    )


def _index_document() -> peewee.Node:
    """Add a stored document to the index."""
    row = LeadSearchRow
    rank_id = row.select(row.rank_id).where(row.lead == param("lead_id"))
    into = peewee.SQL("INSERT INTO lead_search_index (rowid, search_document) VALUES (")
    document = peewee.NodeList((peewee.SQL(","), param("search_document"), peewee.SQL(")")))
    return peewee.NodeList((into, peewee.EnclosedNodeList([rank_id]), document))


@frozen
class SqliteFullText(FullText):
    """FTS5 over the table of search documents.

    New documents are indexed by a separate statement, changed and deleted ones by triggers: before each
    statement with a trigger, FTS5 writes the terms that it has collected, which doubles the time of a batch.

    FTS5 returns rows in the order of their rowid only. The rowid, ``rank_id``, therefore begins with the
    second in which the lead was created, so that the newest of many matches are found without sorting.
    """

    has_order: ClassVar[bool] = True
    plans: tuple[SearchPlan, ...] = (
        CompareLeads(100),  # fills a page of a word that every lead has
        SortMatches(most_matches=4_000),
        CompareLeads(600),
        CompareLeads(3_000, if_promising=True),
        SortMatches(),
    )
    insertions: tuple[Build, ...] = (_insert_document, _index_document)

    def insert_all(self, executor: StatementExecutor, documents: Sequence[Mapping[str, object]]) -> None:
        for insertion in self.insertions:
            executor.write_many(insertion, documents)

    def create(self, database: peewee.Database) -> None:
        for statement in _CREATE:
            database.execute_sql(statement)

    def update(self) -> peewee.Node:
        return update_document(param("search_document"))

    def matches(self) -> peewee.Node:
        return peewee.NodeList((peewee.SQL("lead_search_index MATCH"), param("search")))

    def count_matches(self) -> peewee.Node:
        return count_at_most(peewee.SQL("SELECT 1 FROM lead_search_index WHERE"), self.matches())

    def narrow(self, query: Select, *, leads_first: bool = False) -> Select:
        # CROSS JOIN makes SQLite keep the order of the tables, and INDEXED BY keeps it from looking for each
        # match among all leads of an owner, a state or a source.
        if leads_first:
            source: tuple[object, ...] = (LeadRow, peewee.SQL("CROSS JOIN lead_search"))
            matches = self._finds_lead()
        else:
            tables = peewee.SQL("lead_search_index CROSS JOIN lead_search CROSS JOIN")
            source = (tables, LeadRow, peewee.SQL("INDEXED BY sqlite_autoindex_leads_1"))
            is_row = peewee.SQL("AND lead_search.rank_id = lead_search_index.rowid")
            matches = peewee.NodeList((self.matches(), is_row, *_within_created_range()))
        query = query.from_(peewee.NodeList(source)).where(matches)
        return query.where(LeadRow.id == peewee.SQL("lead_search.lead_id"))

    def candidates_that_match(self) -> peewee.Node:
        join = "AS candidates CROSS JOIN lead_search WHERE lead_search.lead_id = candidates.id AND"
        return peewee.NodeList((peewee.SQL(join), self._finds_lead()))

    def _finds_lead(self) -> peewee.Node:
        return peewee.NodeList((peewee.SQL(_IS_FOUND_BY), param("spellings"), peewee.SQL(_HAS_NONE)))

    def by_creation(self, query: Select, order: PageOrder) -> "Select | None":
        rank_id = peewee.SQL("lead_search_index.rowid")
        if order.has_cursor:
            comparison = peewee.SQL("<" if order.latest_first else ">")
            query = query.where(peewee.NodeList((rank_id, comparison, _rank_id_of_cursor(order))))
        return query.order_by(rank_id.desc() if order.latest_first else rank_id)

    def search_values(
        self, search: Search, lead_filter: LeadFilter, after: Cursor | None
    ) -> dict[str, object]:
        words = " AND ".join(any_of(spellings, '"{}" *', " OR ") for spellings in search.words)
        numbers = any_of(search.numbers, '"{}" *', " OR ")
        return {
            "search": f"({words}) OR {numbers}" if search.numbers else words,
            "spellings": json.dumps([[*spellings, *search.numbers] for spellings in search.words]),
            **rank_id_values(lead_filter, after),
        }


def _within_created_range() -> list[peewee.Node]:
    """Conditions by which FTS5 reads only matches that were created in the time range of the filter.

    Of two lower or two upper bounds, FTS5 reads from the first one on, so that a cursor has to come before.
    """
    bounds = ((">=", "from_rank_id"), ("<", "to_rank_id"))
    return [
        part
        for comparison, name in bounds
        for part in (peewee.SQL(f"AND lead_search_index.rowid {comparison}"), param(name))
    ]


def _rank_id_of_cursor(order: PageOrder) -> peewee.Node:
    # If the lead at the cursor has been erased since, its whole second is shown again rather than skipped.
    known = LeadSearchRow.select(LeadSearchRow.rank_id).where(LeadSearchRow.lead == param("after_id"))
    return peewee.fn.COALESCE(known, param("end_of_second" if order.latest_first else "after_rank_id"))
