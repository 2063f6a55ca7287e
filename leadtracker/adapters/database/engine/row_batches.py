"""Insertions of many rows: in one statement where each statement is a message to a server.

PostgreSQL gets the rows as one JSON text, which takes a fraction of the processor time of as many statements.
SQLite executes one statement for each row, which takes less than reading JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson
import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Parameter, param
from leadtracker.adapters.database.engine.statements import StatementExecutor, columns_of

InsertInto: TypeAlias = "Callable[[type[peewee.Model], Sequence[peewee.Field]], peewee.ModelInsert]"
"""Makes the insertion of rows into columns of a table; the statement may be extended."""


def insert_rows(
    executor: StatementExecutor, build: Callable[[InsertInto], peewee.Node], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert rows, whose values have the names of the columns.

    Args:
        executor: executes the statement.
        build: returns the statement, made by the given function.
        rows: the values of each row, all with the same names; others than those of the columns are ignored.

    Returns:
        The number of rows that were inserted.
    """
    if not rows:
        return 0
    if executor.dialect.kind == "postgresql":
        return executor.write(build, insert_json, rows=rows_as_json(rows))
    given = {
        name: values for name, values in columns_of(rows, rows[0]).items() if values.count(None) < len(rows)
    }
    return executor.write_columns(build, given, InsertEach(frozenset(given)))


@frozen
class InsertEach:
    """Inserts one row by its values, without the columns that are empty in all rows, as most are.

    Attributes:
        names: the columns that have a value.
    """

    names: frozenset[str]

    def __call__(self, table: type[peewee.Model], columns: Sequence[peewee.Field]) -> peewee.ModelInsert:
        """Return the statement, as an ``InsertInto``."""
        given = [column for column in columns if column.column_name in self.names]
        return table.insert({column: param(column.column_name) for column in given})


def insert_json(table: type[peewee.Model], columns: Sequence[peewee.Field]) -> peewee.ModelInsert:
    """Insert all rows of the JSON text ``rows``."""
    names = ", ".join(f'"{column.column_name}"' for column in columns)
    source = f"json_populate_recordset(NULL::{table._meta.table_name}, CAST(%s AS json))"
    query = f"SELECT {names} FROM {source}"  # noqa: S608 - names of our own tables
    return table.insert_from(peewee.SQL(query, (Parameter("rows"),)), columns)


def rows_as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the text of a JSON array of objects."""
    return orjson.dumps(rows).decode()
