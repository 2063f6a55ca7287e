"""Benchmarks of the search in all scripts, on both databases, and of the size of its index."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tests.bench.measurements.posting import Scale
from tests.bench.request_mix import checked, pages
from tests.bench.results import Result, Results
from tests.bench.targets.postgres import durable_postgres
from tests.bench.targets.seeding import LEAD, NEVER, ROWS_AT_ONCE, Row, rows, search_row, store
from tests.bench.targets.subjects import ADMIN_PASSWORD, leadtracker
from tests.support.database import connect, execute
from tests.support.servers.processes import Program

_PEOPLE = (
    ("Ada", "Lovelace", "a contract"),
    ("Jürgen", "Müller", "die Kündigung meiner Wohnung in Köln"),
    ("Zoë", "Strauß", "l'héritage de ma mère"),
    ("小明", "王", "我想咨询离婚问题"),
    ("美咲", "佐藤", "東京都の相続について"),
    ("민수", "김", "대한민국 이혼 상담"),
    ("Siobhán", "O'Brien", "a will"),
    ("Łukasz", "Wójcik", "umowa o pracę"),
)
_QUERIES: Mapping[str, str] = MappingProxyType(
    {
        "one common word": "lovelace",
        "two common words": "love ada",
        "three letters": "gra",
        "a rare number": "5001",
        "a phone number": "+442000000123",
        "an umlaut": "müller",
        "the same in ASCII": "mueller",
        "an apostrophe": "o'brien",
        "Chinese inside a sentence": "离婚",
        "a Japanese name": "佐藤美咲",
        "Korean inside a word": "민국",
        "a word of an answer": "viertel",
    }
)
_LIMIT_MILLISECONDS = 20
_SQLITE_BYTES = "SELECT sum(length(block)) FROM lead_search_index_data"
_POSTGRES_BYTES = "SELECT pg_relation_size('lead_search_document')"


def measure_search(results: Results, folder: Path, number: int, scale: Scale) -> None:
    """Measure the response time of a page for each kind of query, and the bytes of the index per lead."""
    sqlite = folder / "sqlite"
    sqlite.mkdir()
    url = f"sqlite:///{sqlite / 'data' / 'leadtracker.db'}"
    _measure(results, "SQLite", sqlite, url, number, scale, _fill_sqlite, _SQLITE_BYTES)
    with durable_postgres() as url:
        postgresql = folder / "postgresql"
        postgresql.mkdir()
        _measure(results, "PostgreSQL", postgresql, url, number, scale, _fill_postgres, _POSTGRES_BYTES)


def _measure(
    results: Results,
    database: str,
    folder: Path,
    url: str,
    number: int,
    scale: Scale,
    fill: Callable[[Any, Iterator[Row]], None],
    size: str,
) -> None:
    program = Program(folder, {"ADMIN_PASSWORD": ADMIN_PASSWORD, "DATABASE_URL": url})
    api_key = program.run("api-key", "add", "bench", "--role", "admin").out.strip()
    with connect(url) as connection:
        fill(connection, _leads(number))
    with leadtracker(folder, DATABASE_URL=url) as server:
        for name, query in _QUERIES.items():
            specs = pages([f"/leads?q={quote(query)}"], api_key, b"")
            checked(server, specs, connections=1, seconds=scale.seconds / 4)  # to warm up
            loads = [
                checked(server, specs, connections=1, seconds=scale.seconds) for _ in range(scale.rounds)
            ]
            waits = [load.quantile(0.5) * 1000 for load in loads]
            what = f"search for {name}, {number:,} leads, {database}: p50"
            results.add(Result(what, waits, _LIMIT_MILLISECONDS, at_most=True, unit="ms"))
    bytes_of_index = execute(url, size)[0][0]
    results.add(Result(f"index of the search, {database}", [bytes_of_index / number], unit="bytes/lead"))


def _leads(number: int) -> Iterator[Row]:
    """Yield leads of all scripts, with the words of an answer in their messages."""
    for count, row in enumerate(rows(number)):
        first, last, matter = _PEOPLE[count % len(_PEOPLE)]
        yield (row[0], first, last, *row[3:6], f"{matter}. {row[6]} Stadtviertel, Viertel", *row[7:])


def _chunks(leads: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(leads, ROWS_AT_ONCE)):
        yield chunk


def _fill_sqlite(connection: Any, leads: Iterator[Row]) -> None:
    connection.execute("PRAGMA synchronous = off")
    for chunk in _chunks(leads):
        connection.execute("BEGIN")
        store(connection, chunk)
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgres(connection: Any, leads: Iterator[Row]) -> None:
    connection.execute("DROP INDEX lead_search_document")  # made again at once, which is faster
    insert = LEAD.replace("?", "%s")
    with connection.cursor() as cursor:
        for chunk in _chunks(leads):
            with connection.transaction():
                cursor.executemany(insert, [_typed(lead) for lead in chunk])
                cursor.executemany(
                    "INSERT INTO lead_search (rank_id, lead_id, search_document) VALUES (%s, %s, "
                    "array_to_tsvector(string_to_array(%s, ' ')))",
                    map(search_row, chunk),
                )
    connection.execute("CREATE INDEX lead_search_document ON lead_search USING gin (search_document)")
    connection.execute("VACUUM ANALYZE")


def _typed(lead: Row) -> tuple[object, ...]:
    at = [datetime.fromisoformat(text) for text in (*lead[9:11], NEVER)]
    return (*lead[:9], *at)
