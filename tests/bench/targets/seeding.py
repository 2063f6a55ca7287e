"""Databases full of leads in both schemas, filled without the program."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from leadtracker.domain.model.leads.queries.search import is_unspaced, terms_in
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.bench.targets.subjects import ADMIN_PASSWORD, comparison
from tests.support.database import connect
from tests.support.servers.processes import Program

END = datetime(2026, 11, 1, tzinfo=UTC)
YEARS = timedelta(days=730)
"""The leads came in evenly within so long before END."""

ROWS_AT_ONCE = 5_000
_RANK_IDS_PER_SECOND = 1 << 25
FIRST_NAMES = ("Ada", "Grace", "Annie", "Katherine", "Dorothy", "Mary", "Hedy", "Radia", "Barbara", "Frances")
LAST_NAMES = ("Lovelace", "Hopper", "Easley", "Johnson", "Vaughan", "Jackson", "Lamarr", "Perlman", "Liskov")
_SOURCES = ("website", "phone", "referral", "advertisement")
STATES = ("PENDING", "REACHED_OUT", "CONVERTED", "LOST")
NEVER = "9999-12-31T23:59:59.999999Z"

LEAD = """
    INSERT INTO leads (id, first_name, last_name, email, identity, phone, message, source, state,
                       created_at, updated_at, version, follow_up_at, enquiries)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0)
"""
_WORDS = "INSERT INTO lead_search (rank_id, lead_id, search_document) VALUES (?, ?, ?)"
_INDEX = "INSERT INTO lead_search_index (rowid, search_document) VALUES (?, ?)"
_OTHER = """
    INSERT INTO leads (id, first_name, last_name, email, email_key, phone, message, source, state,
                       created_at, updated_at, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
"""

Row = tuple[str, ...]


def seed(folder: Path, number: int) -> str:
    """Create both databases with ``number`` leads, and return an API key of LeadTracker."""
    program = Program(folder, {"ADMIN_PASSWORD": ADMIN_PASSWORD})
    api_key = program.run("api-key", "add", "bench", "--role", "admin").out.strip()
    _fill(folder / "data" / "leadtracker.db", number, with_words=True)
    with comparison(folder):
        pass  # it makes its tables when it starts
    _fill(folder / "comparison.db", number, with_words=False)
    return api_key


def rows(number: int, tag: str = "") -> Iterator[Row]:
    """Yield rows of leads as the program stores them, oldest first."""
    step = YEARS / number
    for count in range(number):
        at = END - YEARS + step * count
        email = f"p{count}{tag}@example.com"
        first, last = FIRST_NAMES[count % len(FIRST_NAMES)], LAST_NAMES[count % len(LAST_NAMES)]
        phone, message = f"+4420{count:08}", f"I need help with matter {count % 5_003}."
        source, state = _SOURCES[count % len(_SOURCES)], STATES[count % len(STATES)]
        timestamp = format_timestamp(at)
        yield (
            f"{tag}{count:031x}",
            first,
            last,
            email,
            email,
            phone,
            message,
            source,
            state,
            timestamp,
            timestamp,
        )


def store(connection: Any, leads: list[Row]) -> None:
    """Store leads with their search documents, without checks."""
    connection.executemany(LEAD, [(*lead, NEVER) for lead in leads])
    documents = [search_row(lead) for lead in leads]
    connection.executemany(_WORDS, documents)
    connection.executemany(_INDEX, [(rank_id, document) for rank_id, _, document in documents])


def search_row(lead: Row) -> tuple[int, str, str]:
    """Return the row of a lead in the table of search terms."""
    second = int(datetime.fromisoformat(lead[9]).timestamp())
    rank_id = second * _RANK_IDS_PER_SECOND + int(lead[0], 16) % _RANK_IDS_PER_SECOND
    return rank_id, lead[0], search_document(lead)


def search_document(lead: Row) -> str:
    """Return the search document of a lead."""
    first, last = lead[1], lead[2]
    names = (last + first, first + last) if is_unspaced(first) and is_unspaced(last) else ()
    return " ".join(terms_in((first, last, lead[3], lead[6], *names), lead[5]))


def _fill(path: Path, number: int, *, with_words: bool) -> None:
    leads = rows(number)
    with connect(f"sqlite:///{path}") as connection:
        connection.execute("PRAGMA synchronous = off")
        while chunk := list(islice(leads, ROWS_AT_ONCE)):
            connection.execute("BEGIN")
            if with_words:
                store(connection, chunk)
            else:
                connection.executemany(_OTHER, [_as_sqlalchemy(lead) for lead in chunk])
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _as_sqlalchemy(lead: Row) -> Row:
    at = lead[9].replace("T", " ").removesuffix("Z")
    return (*lead[:9], at, at)
