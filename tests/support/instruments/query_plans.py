"""Executed statements, and their query plans."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.dialects.sqlite import SqliteDialect

STEPS_AT_ONCE = 10
"""SQLite's steps for each call that counts them: a call takes many times as long as a step."""


@frozen
class Explanation:
    """The plan of an executed statement.

    Attributes:
        indexes: the names of those that were used.
        sorts: whether rows had to be sorted.
        work: SQLite's steps of its virtual machine, rounded, or the rows that PostgreSQL looked at.
    """

    indexes: set[str]
    sorts: bool
    work: int


@contextmanager
def recorded_statements(connection: Any) -> Iterator[list[str]]:
    """Record every statement that a connection to SQLite executes within the block, whichever driver it has.

    ``sqlite3`` fills in the parameters, and reports a statement again for the statements that its triggers
    execute; apsw does neither.
    """
    statements: list[str] = []
    if hasattr(connection, "set_trace_callback"):
        connection.set_trace_callback(statements.append)
        yield statements
        connection.set_trace_callback(None)
    else:

        def record(_cursor: object, sql: str, _parameters: object) -> bool:
            statements.append(sql)
            return True  # false would end the statement

        connection.set_exec_trace(record)
        yield statements
        connection.set_exec_trace(None)


def explain(
    dialect: Dialect, caplog: pytest.LogCaptureFixture, act: Callable[[], None], containing: str = ""
) -> Explanation:
    """Explain the last statement containing a text that ``act`` makes Peewee execute."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        act()
    statements: list[Any] = [record.msg for record in caplog.records if record.name == "peewee"]
    sql, params = [statement for statement in statements if containing in statement[0]][-1]
    dialect.open()
    try:
        if isinstance(dialect, SqliteDialect):
            return _explain_sqlite(dialect, sql, params)
        return _explain_postgres(dialect, sql, params)
    finally:
        dialect.release()


def _explain_sqlite(dialect: Dialect, sql: str, params: list[Any]) -> Explanation:
    rows = dialect.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
    steps = [detail for *_, detail in rows]
    work = 0

    def count() -> bool:
        nonlocal work
        work += STEPS_AT_ONCE
        return False  # true would end the statement

    connection = dialect.database.connection()
    connection.set_progress_handler(count, STEPS_AT_ONCE)
    connection.execute(sql, params).fetchall()
    connection.set_progress_handler(None, STEPS_AT_ONCE)
    words = [detail.split(" INDEX ")[1].split()[0] for detail in steps if " INDEX " in detail]
    return Explanation(set(words), any("TEMP B-TREE" in detail for detail in steps), work)


def _explain_postgres(dialect: Dialect, sql: str, params: list[Any]) -> Explanation:
    explain = "EXPLAIN (ANALYZE, FORMAT JSON)"
    ((((plan),),),) = dialect.database.execute_sql(f"{explain} {sql}", params).fetchall()
    nodes = list(_nodes(plan["Plan"]))
    return Explanation(
        {node["Index Name"] for node in nodes if "Index Name" in node},
        any("Sort" in node["Node Type"] for node in nodes),
        sum(int(_rows(node)) for node in nodes if _reads_rows(node)),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _reads_rows(node: dict[str, Any]) -> bool:
    kind: str = node["Node Type"]
    return "Scan" in kind and kind != "Bitmap Index Scan"  # the heap scan above it counts its rows


def _rows(node: dict[str, Any]) -> float:
    removed: float = node.get("Rows Removed by Filter", 0)
    looked_at: float = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return looked_at
