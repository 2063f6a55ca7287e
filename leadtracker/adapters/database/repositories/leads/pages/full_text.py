"""Full-text search in both databases: how search terms are stored, matched and read in order.

The domain decides which terms a text has, so neither database splits text by rules of its engine.
"""

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.row_batches import rows_as_json
from leadtracker.adapters.database.engine.statement_names import Parameter, param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import first_rank_id
from leadtracker.adapters.database.repositories.leads.pages.search_plans import (
    FullText,
    SearchPlan,
    all_matches,
)
from leadtracker.adapters.database.tables import LeadRow, LeadSearchRow
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor

_MIN_RANK_ID, _MAX_RANK_ID = -(1 << 63), (1 << 63) - 1
# Concurrent transactions take different numbers.
_NEXT_NUMBER = f"mod(nextval('lead_search_rank_id_seq'), {RANK_IDS_PER_SECOND})"
_DOCUMENTS = f"""
    SELECT first_rank_id + {_NEXT_NUMBER}, lead_id, array_to_tsvector(string_to_array(search_document, ' '))
    FROM json_to_recordset(CAST(%s AS json))
        AS lead (first_rank_id bigint, lead_id text, search_document text)
"""  # noqa: S608 - a number of ours
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
class SqliteFullText(FullText):
    """FTS5 over the table of search documents.

    New documents are indexed by a separate statement, changed and deleted ones by triggers: before each
    statement with a trigger, FTS5 writes the terms that it has collected, which doubles the time of a batch.

    FTS5 returns rows in the order of their rowid only. The rowid, ``rank_id``, therefore begins with the
    second in which the lead was created, so that the newest of many matches are found without sorting.
    """

    has_order: ClassVar[bool] = True
    plans: tuple[SearchPlan, ...] = (SearchPlan(most_read=600), SearchPlan(most_read=3_000), SearchPlan())
    insertions: tuple[Build, ...] = (_insert_document, _index_document)

    def insert_all(self, executor: StatementExecutor, documents: Sequence[Mapping[str, object]]) -> None:
        for insertion in self.insertions:
            executor.write_many(insertion, documents)

    def create(self, database: peewee.Database) -> None:
        for statement in _FTS5:
            database.execute_sql(statement)

    def update(self) -> peewee.Node:
        return _update(param("search_document"))

    def matches(self) -> peewee.Node:
        return peewee.NodeList((peewee.SQL("lead_search_index MATCH"), param("search")))

    def count_matches(self) -> peewee.Node:
        return _count_at_most(peewee.SQL("SELECT 1 FROM lead_search_index WHERE"), self.matches(), before=())

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
            matches = peewee.NodeList((self.matches(), is_row))
        query = query.from_(peewee.NodeList(source)).where(matches)
        return query.where(LeadRow.id == peewee.SQL("lead_search.lead_id"))

    def with_walked(self) -> peewee.Node:
        join = "AS walked CROSS JOIN lead_search WHERE lead_search.lead_id = walked.id AND"
        return peewee.NodeList((peewee.SQL(join), self._finds_lead()))

    def _finds_lead(self) -> peewee.Node:
        return peewee.NodeList((peewee.SQL(_IS_FOUND_BY), param("spellings"), peewee.SQL(_HAS_NONE)))

    def by_creation(self, query: Select, *, latest_first: bool, has_cursor: bool) -> "Select | None":
        rank_id = peewee.SQL("lead_search_index.rowid")
        bounds = (
            [("<" if latest_first else ">", _after_rank_id(latest_first=latest_first))] if has_cursor else []
        )
        bounds += [(">=", param("from_rank_id")), ("<", param("to_rank_id"))]
        for comparison, bound in bounds:
            query = query.where(peewee.NodeList((rank_id, peewee.SQL(comparison), bound)))
        return query.order_by(rank_id.desc() if latest_first else rank_id)

    def search_values(
        self, search: Search, lead_filter: LeadFilter, after: Cursor | None
    ) -> dict[str, object]:
        words = " AND ".join(_any_of(spellings, '"{}" *', " OR ") for spellings in search.words)
        numbers = _any_of(search.numbers, '"{}" *', " OR ")
        return {
            "search": f"({words}) OR {numbers}" if search.numbers else words,
            "spellings": json.dumps([[*spellings, *search.numbers] for spellings in search.words]),
            **_rank_ids(lead_filter, after),
        }


@frozen
class PostgresFullText(FullText):
    """A tsvector under a GIN index, built from the terms themselves, without PostgreSQL's parser."""

    has_order: ClassVar[bool] = False
    plans: tuple[SearchPlan, ...] = (
        SearchPlan(most_read=600),  # a page of a word that one in ten leads has, in milliseconds
        SearchPlan(most_matches=1_000),
        SearchPlan(most_matches=10_000, most_sorted=1_000),
        SearchPlan(most_matches=10_000),  # of which almost all are none of the leads that are asked for
        SearchPlan(most_read=6_000, is_promised=True),  # a page of what one in a hundred leads has
        SearchPlan(most_sorted=1_000),  # of many matches, most of them far from the beginning of the page
        SearchPlan(most_read=20_000),
        SearchPlan(),
    )
    insertions: tuple[Build, ...] = (_insert_vector,)

    def insert_all(self, executor: StatementExecutor, documents: Sequence[Mapping[str, object]]) -> None:
        if documents:
            executor.write(_insert_documents, rows=rows_as_json(documents))

    def create(self, database: peewee.Database) -> None:
        database.execute_sql("CREATE INDEX lead_search_document ON lead_search USING gin (search_document)")

    def update(self) -> peewee.Node:
        return _update(_vector())

    def matches(self) -> peewee.Node:
        column = peewee.SQL("lead_search.search_document @@ CAST(")
        return peewee.NodeList((column, param("search"), peewee.SQL("AS tsquery)")))

    def count_matches(self) -> peewee.Node:
        # The planner chooses for all matches, and the execution stops at the limit.
        return _count_at_most(peewee.SQL("SELECT 1 FROM matches"), before=all_matches(self))

    def narrow(self, query: Select, *, leads_first: bool = False) -> Select:  # noqa: ARG002
        return query.from_(peewee.NodeList((peewee.SQL("lead_search,"), LeadRow))).where(
            self.matches(), LeadRow.id == peewee.SQL("lead_search.lead_id")
        )

    def with_walked(self) -> peewee.Node:
        found = "(SELECT 1 FROM lead_search WHERE lead_search.lead_id = walked.id AND"
        join = peewee.SQL(f"AS walked CROSS JOIN LATERAL {found}")
        return peewee.NodeList((join, self.matches(), peewee.SQL("LIMIT 1) AS found")))

    def by_creation(self, query: Select, *, latest_first: bool, has_cursor: bool) -> "Select | None":  # noqa: ARG002
        return None

    def search_values(
        self,
        search: Search,
        lead_filter: LeadFilter,
        after: Cursor | None,
    ) -> dict[str, object]:
        words = " & ".join(_any_of(spellings, "'{}':*", " | ") for spellings in search.words)
        numbers = _any_of(search.numbers, "'{}':*", " | ")
        found_by = f"({words}) | {numbers}" if search.numbers else words
        return {"search": found_by, **_rank_ids(lead_filter, after)}


def _count_at_most(*query: peewee.Node, before: tuple[peewee.Node, ...]) -> peewee.Node:
    """Count the rows of a query, at most ``most_matches``."""
    start, end = peewee.SQL("SELECT count(*) AS matches FROM ("), peewee.SQL(") AS counted")
    return peewee.NodeList((*before, start, *query, peewee.SQL("LIMIT"), param("most_matches"), end))


def _rank_ids(lead_filter: LeadFilter, after: Cursor | None) -> dict[str, object]:
    """The bounds of a page in the order of creation: whole seconds."""
    start, end = lead_filter.created_from, lead_filter.created_to
    return {
        "after_rank_id": after and first_rank_id(after.at),
        "end_of_second": after and first_rank_id(after.at) + RANK_IDS_PER_SECOND,
        "from_rank_id": _MIN_RANK_ID if start is None else first_rank_id(start),
        "to_rank_id": _MAX_RANK_ID if end is None else first_rank_id(end) + RANK_IDS_PER_SECOND,
    }


def _any_of(beginnings: tuple[str, ...], pattern: str, either: str) -> str:
    return f"({either.join(map(pattern.format, beginnings))})"


def _update(search_document: peewee.Node) -> peewee.Node:
    row = LeadSearchRow
    return row.update({row.search_document: search_document}).where(
        row.lead == param("lead_id"), row.search_document != search_document
    )


def _after_rank_id(*, latest_first: bool) -> peewee.Node:
    # If the lead at the cursor has been erased since, its whole second is shown again rather than skipped.
    known = LeadSearchRow.select(LeadSearchRow.rank_id).where(LeadSearchRow.lead == param("after_id"))
    return peewee.fn.COALESCE(known, param("end_of_second" if latest_first else "after_rank_id"))


_FTS5 = (
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

FULL_TEXT: Mapping[str, FullText] = {"sqlite": SqliteFullText(), "postgresql": PostgresFullText()}
"""The full-text search of each dialect, by ``Dialect.kind``."""
