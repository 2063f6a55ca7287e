"""Full-text search in each database: how words are kept, matched and read in order.

The domain decides what a word is, so neither database takes text apart by rules of its own.
"""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.parameters import slot
from leadtracker.adapters.database.tables import LeadRow, LeadWordsRow
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import Cursor, LeadFilter
from leadtracker.domain.model.leads.search import Search, words_of

Select: TypeAlias = "peewee.ModelSelect[Any]"

_EPOCH, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)
_PLACES_PER_SECOND = 1 << 25  # more than come in within a second, and the years 1 to 9999 fit into 64 bits


class FullText(Hashable, Protocol):
    """What a store must be able to do in its own way to search."""

    def create(self, database: peewee.Database) -> None:
        """Make the index over the words of leads, whose table is there already."""
        ...

    def insert(self) -> peewee.Node:
        """The statement that keeps the words of a new lead, given as ``values``."""
        ...

    def update(self) -> peewee.Node:
        """The statement that replaces the words of a lead if they differ, given as ``values``."""
        ...

    def values(self, lead: Lead) -> dict[str, object]:
        """What the slots of these statements take."""
        ...

    def narrow(self, query: Select) -> Select:
        """A query of leads, narrowed to those that match."""
        ...

    def by_creation(self, query: Select, *, latest_first: bool, goes_on: bool) -> "Select | None":
        """A narrowed query in order of creation, behind a cursor if it ``goes_on``.

        None if there is no better way to that order than for other queries.
        """
        ...

    def asked(self, search: Search, wanted: LeadFilter, after: Cursor | None) -> dict[str, object]:
        """What the slots of such a query take."""
        ...


@frozen
class SqliteFullText(FullText):
    """FTS5 over the table of words, which triggers keep it equal to.

    FTS5 gives rows in the order of their numbers and in no other. A lead's number, its place, is made of
    the second in which it was created, so that the newest of many matches are found without sorting.
    """

    def create(self, database: peewee.Database) -> None:
        for statement in _FTS5:
            database.execute_sql(statement)

    def insert(self) -> peewee.Node:
        # Whoever writes to SQLite is alone, so the next free place cannot be taken meanwhile.
        row = LeadWordsRow
        taken = row.select(row.place).where(row.place.between(slot("first_place"), slot("last_place")))
        last = taken.order_by(row.place.desc()).limit(1)
        place = peewee.fn.COALESCE(peewee.NodeList((last, peewee.SQL("+ 1"))), slot("first_place"))
        return row.insert({row.place: place, row.lead: slot("lead_id"), row.words: slot("words")})

    def update(self) -> peewee.Node:
        return _update(slot("words"))

    def values(self, lead: Lead) -> dict[str, object]:
        first_place = _place_of(lead.created_at)
        return {
            "lead_id": lead.id,
            "words": " ".join(words_of(lead)),
            "first_place": first_place,
            "last_place": first_place + _PLACES_PER_SECOND - 1,
        }

    def narrow(self, query: Select) -> Select:
        # CROSS JOIN keeps SQLite from reading the leads first.
        source = peewee.SQL("lead_search CROSS JOIN lead_words CROSS JOIN")
        return query.from_(peewee.NodeList((source, LeadRow))).where(
            peewee.NodeList((peewee.SQL("lead_search MATCH"), slot("search"))),
            peewee.SQL("lead_words.place = lead_search.rowid"),
            LeadRow.id == peewee.SQL("lead_words.lead_id"),
        )

    def by_creation(self, query: Select, *, latest_first: bool, goes_on: bool) -> "Select | None":
        place = peewee.SQL("lead_search.rowid")
        bounds = [("<" if latest_first else ">", _after_place(latest_first=latest_first))] if goes_on else []
        bounds += [(">=", slot("from_place")), ("<", slot("to_place"))]
        for comparison, bound in bounds:
            query = query.where(peewee.NodeList((place, peewee.SQL(comparison), bound)))
        return query.order_by(place.desc() if latest_first else place)

    def asked(self, search: Search, wanted: LeadFilter, after: Cursor | None) -> dict[str, object]:
        words = " AND ".join(f'"{word}" *' for word in search.words)
        start, end = wanted.created_from, wanted.created_to
        return {
            "search": words if search.number is None else f'({words}) OR "{search.number}" *',
            "after_place": after and _place_of(after.at),
            "end_of_second": after and _place_of(after.at) + _PLACES_PER_SECOND,
            "from_place": _FIRST_PLACE if start is None else _place_of(start),
            "to_place": _LAST_PLACE if end is None else _place_of(end) + _PLACES_PER_SECOND,
        }


@frozen
class PostgresFullText(FullText):
    """A tsvector under a GIN index, made of our own words without PostgreSQL's parser."""

    def create(self, database: peewee.Database) -> None:
        database.execute_sql("CREATE INDEX lead_words_words ON lead_words USING gin (words)")

    def insert(self) -> peewee.Node:
        return LeadWordsRow.insert({LeadWordsRow.lead: slot("lead_id"), LeadWordsRow.words: _vector()})

    def update(self) -> peewee.Node:
        return _update(_vector())

    def values(self, lead: Lead) -> dict[str, object]:
        return {"lead_id": lead.id, "words": list(words_of(lead))}

    def narrow(self, query: Select) -> Select:
        matches = (peewee.SQL("lead_words.words @@ CAST("), slot("search"), peewee.SQL("AS tsquery)"))
        return query.from_(peewee.NodeList((peewee.SQL("lead_words,"), LeadRow))).where(
            peewee.NodeList(matches), LeadRow.id == peewee.SQL("lead_words.lead_id")
        )

    def by_creation(self, query: Select, *, latest_first: bool, goes_on: bool) -> "Select | None":  # noqa: ARG002
        return None

    def asked(self, search: Search, wanted: LeadFilter, after: Cursor | None) -> dict[str, object]:  # noqa: ARG002
        words = " & ".join(f"'{word}':*" for word in search.words)
        return {"search": words if search.number is None else f"({words}) | '{search.number}':*"}


def _update(words: peewee.Node) -> peewee.Node:
    row = LeadWordsRow
    return row.update({row.words: words}).where(row.lead == slot("lead_id"), row.words != words)


def _vector() -> peewee.Node:
    return peewee.NodeList((peewee.SQL("array_to_tsvector(CAST("), slot("words"), peewee.SQL("AS text[]))")))


def _after_place(*, latest_first: bool) -> peewee.Node:
    # If the lead at the cursor was erased meanwhile, its whole second is shown again rather than left out.
    known = LeadWordsRow.select(LeadWordsRow.place).where(LeadWordsRow.lead == slot("after_id"))
    return peewee.fn.COALESCE(known, slot("end_of_second" if latest_first else "after_place"))


def _place_of(instant: datetime) -> int:
    """The first place of leads that were created within the second of an instant."""
    return (instant - _EPOCH) // _SECOND * _PLACES_PER_SECOND  # exact, unlike timestamp(), in every year


_FIRST_PLACE, _LAST_PLACE = -(1 << 63), (1 << 63) - 1

_FTS5 = (
    """
    CREATE VIRTUAL TABLE lead_search USING fts5(
        words, content='lead_words', content_rowid='place', detail=none, columnsize=0,
        tokenize='ascii', prefix='1 2 3 4 5 6 7 8 9 10 11 12'
    )
    """,
    # Without this, the words of an erased person would stay in the index until it is rewritten.
    "INSERT INTO lead_search (lead_search, rank) VALUES ('secure-delete', 1)",
    """
    CREATE TRIGGER lead_words_inserted AFTER INSERT ON lead_words BEGIN
        INSERT INTO lead_search (rowid, words) VALUES (new.place, new.words);
    END
    """,
    """
    CREATE TRIGGER lead_words_deleted AFTER DELETE ON lead_words BEGIN
        INSERT INTO lead_search (lead_search, rowid, words) VALUES ('delete', old.place, old.words);
    END
    """,
    """
    CREATE TRIGGER lead_words_updated AFTER UPDATE ON lead_words BEGIN
        INSERT INTO lead_search (lead_search, rowid, words) VALUES ('delete', old.place, old.words);
        INSERT INTO lead_search (rowid, words) VALUES (new.place, new.words);
    END
    """,
)
