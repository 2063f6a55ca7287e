"""Rows as lines of a backup: a JSON array of the columns in the model's order, equal for both databases.

Timestamps are texts and bytes are Base64. A backup from before columns were appended lacks their values.
Search terms are not a part of a backup: each database stores them in another format, so a restore derives
them from the leads.
"""

import base64
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.statement_names import Row, param, row_type
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import to_lead, to_search_values
from leadtracker.adapters.database.repositories.leads.pages.search import FULL_TEXT
from leadtracker.adapters.database.tables import (
    TABLES,
    LeadChangeRow,
    LeadRollupRow,
    LeadRow,
    LeadSearchRow,
    TimestampField,
)
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp

_DERIVED = {LeadSearchRow, LeadRollupRow, LeadChangeRow}
BACKUP_TABLES = tuple(table for table in TABLES if table not in _DERIVED)
_ROWS_AT_ONCE = 1_000

Table = type[peewee.Model]


def export_rows(dialect: Dialect, table: Table) -> Iterator[bytes]:
    """Yield the rows of a table as lines; a row that another row of the table refers to comes first."""
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=False)
    codecs = [_Codec(dialect, column) for column in table._meta.sorted_fields]
    for refers in (False, True) if _self_reference(table) else (None,):
        rows: list[Row] = executor.rows(_select, table, refers)
        while rows:
            for row in rows:
                values = [codec.dump(value) for codec, value in zip(codecs, row, strict=True)]
                yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
            cursor = {key.column_name: getattr(rows[-1], key.column_name) for key in _key(table)}
            rows = executor.rows(_select_after, table, refers, **cursor)


def import_rows(dialect: Dialect, table: Table, lines: Iterable[bytes]) -> None:
    """Insert rows from lines; for leads, also their search terms."""
    codecs = [_Codec(dialect, column) for column in table._meta.sorted_fields]
    to_row = row_type(column.column_name for column in table._meta.sorted_fields)
    sql, _ = dialect.database.get_sql_context().sql(insertion(table)).query()
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=True)
    rows = (
        [codec.load(value) for codec, value in zip(codecs, values_of(table, line), strict=True)]
        for line in lines
    )
    while chunk := list(islice(rows, 1 if _has_files(table) else _ROWS_AT_ONCE)):
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]  # translates driver errors as Peewee does
            dialect.database.cursor().executemany(sql, chunk)
        if table is LeadRow:
            leads = [to_lead(row, dialect.from_db_timestamp) for row in map(to_row, chunk)]
            documents = [to_search_values(lead) for lead in sorted(leads, key=lambda lead: lead.created_at)]
            for statement in FULL_TEXT[dialect.kind].insertions:
                executor.write_many(statement, documents)
    for column in table._meta.sorted_fields:
        if isinstance(column, peewee.AutoField):
            dialect.reset_sequence(table._meta.table_name, column.column_name)


def values_of(table: Table, line: bytes) -> list[Any]:
    """Return the values of a row from a line; None for each column that was appended since."""
    values: list[Any] = orjson.loads(line)
    return values + [None] * (len(table._meta.sorted_fields) - len(values))


def count_rows(dialect: Dialect, table: Table) -> int:
    """Return the number of rows of a table."""
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=False)
    [row] = executor.rows(_count, table)
    return int(row.number)


class _Codec:
    """Converts the values of a column between the database and a line."""

    def __init__(self, dialect: Dialect, column: peewee.Field) -> None:
        self._dialect = dialect
        self._is_timestamp = isinstance(column, TimestampField)
        self._is_file = isinstance(column, peewee.BlobField)

    def dump(self, value: Any) -> Any:
        if value is not None and self._is_timestamp:
            return format_timestamp(self._dialect.from_db_timestamp(value))
        return base64.b64encode(bytes(value)).decode() if value is not None and self._is_file else value

    def load(self, value: Any) -> Any:
        if value is not None and self._is_timestamp:
            return self._dialect.to_db_timestamp(parse_timestamp(value))
        return base64.b64decode(value) if value is not None and self._is_file else value


def _key(table: Table) -> list[peewee.Field]:
    return list(table._meta.get_primary_keys())


def _self_reference(table: Table) -> peewee.Field | None:
    return next((column for column, to in table._meta.refs.items() if to is table), None)


def _has_files(table: Table) -> bool:
    return any(isinstance(column, peewee.BlobField) for column in table._meta.sorted_fields)


def _count(table: Table) -> peewee.Node:
    return table.select(peewee.fn.COUNT(peewee.SQL("*")).alias("number"))


def insertion(table: Table) -> peewee.Node:
    """Return the statement that inserts a row, with a bind parameter for each column."""
    return table.insert({column: param(column.column_name) for column in table._meta.sorted_fields})


def _select(table: Table, refers: bool | None) -> Any:  # noqa: FBT001 - a variant consists of flags
    query = table.select(*table._meta.sorted_fields)
    reference = _self_reference(table)
    if reference is not None:
        query = query.where(reference.is_null(is_null=not refers))
    limit = 1 if _has_files(table) else _ROWS_AT_ONCE  # one file can be as large as an upload
    return query.order_by(*_key(table)).limit(limit)


def _select_after(table: Table, refers: bool | None) -> peewee.Node:  # noqa: FBT001 - as above
    key = _key(table)
    cursor = peewee.Tuple(*(param(column.column_name) for column in key))
    query: Select = _select(table, refers)
    return query.where(peewee.Tuple(*key) > cursor)
