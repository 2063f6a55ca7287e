"""A database of an office that has received leads for eleven years, filled without the program.

SQLite makes the leads itself: for ten million of them Python would take longer than the tables.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.targets.seeding import FIRST_NAMES, LAST_NAMES, NEVER, STATES
from tests.support.database import connect

RECENT = timedelta(weeks=52)
"""Half of the leads came in within so long before the end."""

EARLIER = timedelta(weeks=520)
"""The other half came in within so long before that: a tenth as many each week."""

_ROWS_AT_ONCE = 50_000
_SECOND = 1_000_000  # in microseconds, as all times here
_SOURCES = (
    "website",
    "phone",
    "referral",
    "fair",
    "radio",
    "leaflet",
    "poster",
    "partner",
    "letter",
    "office",
)
_LOST_REASONS = ("price", "no answer", "another firm", "no case")
_OWNERS = ("ann", "bob", "carol", "dan", "erin", "frank", "gina")


def _pick(number: str, names: Sequence[str]) -> str:
    """Return the SQL for the name with that number; null for a number without one."""
    return f"CASE {number} {' '.join(f'WHEN {place} THEN {name!r}' for place, name in enumerate(names))} END"


def _id(at: str, number: str) -> str:
    return f"printf('%012x7%019x', ({at}) / 1000, {number})"


def _at(number: str) -> str:
    return (
        f"CASE WHEN {number} < :half THEN :start + {number} * :earlier_step"
        f" ELSE :middle + ({number} - :half) * :recent_step END"
    )


def _timestamp(at: str) -> str:
    second = f"strftime('%Y-%m-%dT%H:%M:%S', {at} / {_SECOND}, 'unixepoch')"
    return f"{second} || printf('.%06dZ', {at} % {_SECOND})"


# Each step uses the columns of the one before. A limit keeps SQLite from computing them again for each use.
# Knuth's multiplier gives neighbouring numbers unrelated properties. Every twentieth lead repeats the
# enquiry of the seventh before it.
_NUMBERS = """
    WITH RECURSIVE numbers (number) AS (
        SELECT :first UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < :end
    )
    SELECT number, number * 2654435761 >> 8 & 65535 AS mixed, number % 20 = 19 AS is_repeat FROM numbers
    LIMIT -1
"""
_CHOICES = f"""
    SELECT number, mixed, is_repeat, {_at("number")} AS at, number - 7 * is_repeat AS person,
           iif(is_repeat, mixed % 10 > 0, mixed % 4) AS steps
    FROM ({_NUMBERS}) LIMIT -1
"""  # noqa: S608 - texts of this file, as below
_TEXTS = f"""
    SELECT number, mixed, is_repeat, at, steps, {_id("at", "number")} AS id,
           {_pick("person % 10", FIRST_NAMES)} AS first_name,
           {_pick("person % 9", LAST_NAMES)} AS last_name,
           'p' || person AS name, iif(person % 4, NULL, printf('4420%08d', person)) AS phone,
           number % 5003 AS matter, {_timestamp("at")} AS created_at,
           iif(steps, (mixed + 1) * 4 * {_SECOND}, NULL) AS delay
    FROM ({_CHOICES}) LIMIT -1
"""  # noqa: S608 - as above
_PHONE_TERMS = " || ' ' || ".join(f"substr(phone, {start})" for start in range(1, 10))
_BATCH = f"""
    INSERT INTO temp.batch
    SELECT id, first_name, last_name, name || '@example.com', name || '@example.com', '+' || phone,
           'Matter ' || matter || '.', {_pick("(mixed >> 2) % 10", _SOURCES)},
           iif(steps = 3, {_pick("(mixed >> 5) % 4", _LOST_REASONS)}, NULL),
           iif(mixed % 100 < 15, 'newsletter', NULL), iif(mixed % 100 < 15, 'email', NULL),
           iif(mixed % 100 < 15, 'campaign ' || (mixed % 24), NULL), {_pick("steps", STATES)},
           {_pick("(mixed >> 6) % 16", _OWNERS)}, created_at,
           iif(steps, {_timestamp("(at + delay)")}, created_at), min(steps, 2) + 1,
           iif(is_repeat, {_id(_at("(number - 7)"), "number - 7")}, NULL),
           number % 20 = 12 AND number + 7 < :number, '{NEVER}', delay,
           (at / {_SECOND} << 25) + (number & 0x1FFFFFF),
           lower(first_name || ' ' || last_name) || ' matter ' || matter || ' ' || name || ' example com'
               || coalesce(' ' || {_PHONE_TERMS}, '')
    FROM ({_TEXTS})
"""  # noqa: S608 - as above
_LEAD_COLUMNS = (
    "id, first_name, last_name, email, identity, phone, message, source, lost_reason, utm_source, utm_medium,"
    " utm_campaign, state, owner, created_at, updated_at, version, duplicate_of, enquiries, follow_up_at,"
    " contact_delay"
)
_CHANGE = """'[{"field": "state", "before": "' || %s || '", "after": "' || %s || '"}]'"""
_BATCH_TABLE = f"CREATE TEMP TABLE batch ({_LEAD_COLUMNS}, rank_id, search_document)"


def _entry(number: int, at: str, actor: str, action: str, changes: str) -> str:
    return (
        "INSERT INTO lead_history (lead_id, number, version, at, actor, action, changes)"  # noqa: S608 - as above
        f" SELECT id, {number}, {number}, {at}, '{actor}', '{action}', {changes} FROM batch"
        f" WHERE version >= {number}"
    )


_STATEMENTS = (
    f"INSERT INTO leads ({_LEAD_COLUMNS}) SELECT {_LEAD_COLUMNS} FROM batch",  # noqa: S608 - as above
    "INSERT INTO lead_search SELECT rank_id, id, search_document FROM batch",
    "INSERT INTO lead_search_index (rowid, search_document) SELECT rank_id, search_document FROM batch",
    _entry(1, "created_at", "public", "created", "NULL"),
    _entry(2, "updated_at", "user:ann", "state_changed", _CHANGE % ("'PENDING'", "'REACHED_OUT'")),
    _entry(3, "updated_at", "user:ann", "state_changed", _CHANGE % ("'REACHED_OUT'", "state")),
)
_QUICK = (
    "PRAGMA locking_mode = exclusive",
    "PRAGMA journal_mode = off",
    "PRAGMA synchronous = off",
    "PRAGMA foreign_keys = off",
    "PRAGMA cache_size = -1000000",
    "PRAGMA temp_store = memory",
)
_USUAL = ("PRAGMA locking_mode = normal", "PRAGMA journal_mode = wal")


def fill(path: Path, number: int, end: datetime) -> None:
    """Store ``number`` leads in an empty SQLite database; the last one came in just before ``end``."""
    values = _values(number, end)
    with connect(f"sqlite:///{path}") as connection:
        for statement in (*_QUICK, _BATCH_TABLE):
            connection.execute(statement)
        for first in range(0, number, _ROWS_AT_ONCE):
            batch = {**values, "first": first, "end": min(first + _ROWS_AT_ONCE, number)}
            connection.execute("BEGIN")
            connection.execute("DELETE FROM batch")
            connection.execute(_BATCH, batch)
            for statement in _STATEMENTS:
                connection.execute(statement)
            connection.execute("COMMIT")
        for statement in _USUAL:
            connection.execute(statement)


def _values(number: int, end: datetime) -> dict[str, Any]:
    half = number // 2
    recent, earlier = RECENT // timedelta(microseconds=1), EARLIER // timedelta(microseconds=1)
    middle = int(end.timestamp()) * _SECOND - recent
    return {
        "number": number,
        "half": half,
        "start": middle - earlier,
        "middle": middle,
        "earlier_step": earlier // half,
        "recent_step": recent // (number - half),
    }
