"""The statement cache and its executor: statements are built with Peewee once, then only executed.

Building the SQL text takes several times as long as SQLite needs to execute it. Statements therefore contain
named bind parameters and are cached, per SQL engine, by the function that builds them and its arguments.
Rows are named tuples whose fields are the selected columns, so that callers never depend on column order.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import groupby, repeat
from operator import attrgetter, itemgetter
from typing import Any

import peewee
from attrs import define, field, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.statement_names import Parameter, Row, row_type
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.adapters.database.engine.write_batching import (
    Limit,
    Write,
    execute_equal,
    execute_many,
)

Build = Callable[..., peewee.Node]
RowLock = Callable[[Select], Select]

_MIN_NAMES = 2  # an item getter of one name returns no tuple
_PLAIN = {str, int, type(None)}


@define
class _CompiledStatement:
    """A compiled statement.

    Attributes:
        params: the values in their order, with a ``Parameter`` for each value that the caller gives.
        names: the index and the name of each ``Parameter``.
        values_of: returns the values of all params, if each is a ``Parameter``; else None.
        to_row: makes a named row of a tuple; known once the driver has described the first result.
    """

    sql: str
    params: tuple[Any, ...]
    names: tuple[tuple[int, str], ...]
    values_of: Callable[[Mapping[str, object]], tuple[object, ...]] | None
    to_row: Callable[[tuple[Any, ...]], Row] | None = None

    @classmethod
    def of(cls, sql: str, params: Iterable[Any]) -> "_CompiledStatement":
        params = tuple(params)
        names = tuple(
            (index, param.name) for index, param in enumerate(params) if isinstance(param, Parameter)
        )
        has_names_only = len(names) == len(params) >= _MIN_NAMES
        values_of = itemgetter(*(name for _, name in names)) if has_names_only else None
        return cls(sql, params, names, values_of)

    def fetch(self, cursor: Any) -> list[Row]:
        to_row = self.to_row
        if to_row is None:
            if cursor.description is None:
                return []  # apsw describes a result only while it has rows
            to_row = self.to_row = row_type(column[0] for column in cursor.description)
        return list(map(to_row, cursor.fetchall()))


MAX_STATEMENTS = 1_000
"""The maximum number of compiled statements of one kind of SQL engine, about 13 kB each.

About 300 statements have few variants. The lists of leads have one for each combination of filters, order and
cursor, so that any user could fill the memory; those that were not used for longest are dropped.
"""

_COMPILED: defaultdict[str, OrderedDict[Hashable, _CompiledStatement]] = defaultdict(OrderedDict)
"""The compiled statements of this process by the kind of SQL engine, that used last at the end."""


@frozen
class StatementCache:
    """The compiled statements of a SQL engine; all its databases in this process share them."""

    _dialect: Dialect
    _compiled: OrderedDict[Hashable, _CompiledStatement] = field(init=False)

    @_compiled.default
    def _shared(self) -> OrderedDict[Hashable, _CompiledStatement]:
        return _COMPILED[self._dialect.kind]

    def get(self, build: Build, variant: tuple[Hashable, ...]) -> _CompiledStatement:
        """The statement that ``build(*variant)`` describes, compiled on first use."""
        key = (build, *variant)
        try:
            statement = self._compiled[key]
            self._compiled.move_to_end(key)
        except KeyError:  # also if another thread has dropped it between the two lines
            sql, params = self._dialect.database.get_sql_context().sql(build(*variant)).query()
            statement = self._compiled[key] = _CompiledStatement.of(sql, params)
            while len(self._compiled) > MAX_STATEMENTS:
                self._compiled.popitem(last=False)
        return statement


@define
class StatementExecutor:
    """Executes the statements of one unit of work.

    Each method takes the function that builds a statement, its arguments (the variant), and by keyword the
    values of the bind parameters. Errors of the environment arrive as ``StorageUnavailable``.

    Attributes:
        begin: begins the transaction; called before the first statement is executed.
        has_begun: true once it was called.
        has_erased: true if a statement removed personal data.
        pending_writes: the enqueued writes in their order, not executed yet.
    """

    dialect: Dialect
    _database: peewee.Database
    _statement_cache: StatementCache
    _writable: bool
    _begin: Callable[[], None] | None = None
    has_begun: bool = field(default=False, init=False)
    has_erased: bool = field(default=False, init=False)
    pending_writes: list[Write] = field(factory=list, init=False)

    def hold_lock(self, key: int) -> None:
        """Hold the advisory lock with that number until the transaction ends."""
        self._check_writable()
        with translated_errors():
            self.flush()
            self.dialect.hold_lock(key)

    def enqueue_lock(self, key: int) -> None:
        """As ``hold_lock``, but with the enqueued writes, before those that are enqueued later."""
        self._check_writable()
        sql = self.dialect.lock_sql(key)
        if sql is not None:
            self.pending_writes.append(Write(sql, (), is_optional=True))

    def erase(self, build: Build, *variant: Hashable, **values: object) -> int:
        """Execute a statement that removes personal data, and return the number of rows it changed."""
        self.has_erased = True
        return self.write(build, *variant, **values)

    def rows(self, build: Build, *variant: Hashable, **values: object) -> list[Row]:
        """Execute a reading statement and return all its rows."""
        with translated_errors():
            self.flush()  # outside of the try below: an error of an earlier write must not end as "no rows"
        try:
            return self._fetch(build, variant, values)
        except (UnicodeEncodeError, peewee.DataError) as error:
            # A text that cannot be stored (a lone surrogate, a NUL on PostgreSQL) is in no row. Drivers
            # reject it before they send anything, so the transaction can continue. An error with a SQL
            # state comes from the server and has ended the transaction.
            if getattr(error.__context__, "sqlstate", None):
                raise
            return []

    def row(self, build: Build, *variant: Hashable, **values: object) -> Row | None:
        """Execute a reading statement and return its first row, or None."""
        return next(iter(self.rows(build, *variant, **values)), None)

    def write(self, build: Build, *variant: Hashable, **values: object) -> int:
        """Execute a writing statement and return the number of rows it changed."""
        self._check_writable()
        with translated_errors():
            count: int = self._execute(self._statement_cache.get(build, variant), values).rowcount
        return count

    def write_many(self, build: Build, rows: Sequence[Mapping[str, object]], *variant: Hashable) -> None:
        """Execute a writing statement with the values of each row."""
        if rows:
            names = [name for _, name in self._statement_cache.get(build, variant).names]
            self.write_columns(build, columns_of(rows, names), *variant)

    def write_columns(self, build: Build, columns: Mapping[str, Sequence[object]], *variant: Hashable) -> int:
        """As ``write_many``, with the values of all rows by name; return the number of rows written."""
        self._check_writable()
        with translated_errors():
            self.flush()
            statement = self._statement_cache.get(build, variant)
            encoded = {name: self._encode_all(columns[name]) for _, name in statement.names}
            params = zip(
                *(
                    encoded[one.name] if isinstance(one, Parameter) else repeat(one)
                    for one in statement.params
                ),
                strict=False,
            )
            return execute_many(self._database, statement.sql, params)

    def enqueue_write(self, build: Build, *variant: Hashable, **values: object) -> None:
        """Enqueue a statement that must write one row, to run before the next one or with the commit."""
        self.enqueue_limited_write(None, build, *variant, **values)

    def enqueue_limited_write(
        self, limit: Limit | None, build: Build, *variant: Hashable, **values: object
    ) -> None:
        """As ``enqueue_write``, but if no row is written because of the limit, its error is raised."""
        self._check_writable()
        statement = self._statement_cache.get(build, variant)
        self.pending_writes.append(Write(statement.sql, self._params(statement, values), limit=limit))

    def limit(
        self, error: Callable[[Any], Exception], build: Build, *variant: Hashable, **values: object
    ) -> Limit:
        """Make a limit: if the reading statement finds a row, the error of its first value is raised."""
        statement = self._statement_cache.get(build, variant)
        return Limit(statement.sql, self._params(statement, values), error)

    def enqueue_optional_write(self, build: Build, *variant: Hashable, **values: object) -> None:
        """As ``enqueue_write``, but the statement may write no row."""
        self._check_writable()
        statement = self._statement_cache.get(build, variant)
        self.pending_writes.append(Write(statement.sql, self._params(statement, values), is_optional=True))

    def flush(self) -> None:
        """Begin the transaction if that has not happened yet, and execute the enqueued writes."""
        if not self.has_begun:
            if self._begin:
                self._begin()
            self.has_begun = True
        pending_writes, self.pending_writes = self.pending_writes, []
        for _, equal in groupby(pending_writes, attrgetter("sql")):
            execute_equal(self._database, list(equal))

    def write_if_unique(self, build: Build, *variant: Hashable, **values: object) -> int | None:
        """As ``write``, but return None if a unique index rejects the row; the transaction stays usable."""
        self._check_writable()
        with translated_errors():
            self.flush()
        try:
            with translated_errors(), self._database.savepoint():
                count: int = self._execute(self._statement_cache.get(build, variant), values).rowcount
        except peewee.IntegrityError:
            return None
        return count

    def write_returning(self, build: Build, *variant: Hashable, **values: object) -> Row | None:
        """Execute a writing statement with RETURNING; None if it changed no row."""
        self._check_writable()
        return next(iter(self._fetch(build, variant, values)), None)

    @property
    def lock_row(self) -> RowLock:
        """Makes a query lock its rows until the transaction ends; changes nothing if this cannot write."""
        return self.dialect.lock_row if self._writable else as_it_is

    def _fetch(self, build: Build, variant: tuple[Hashable, ...], values: dict[str, object]) -> list[Row]:
        with translated_errors():
            statement = self._statement_cache.get(build, variant)
            return statement.fetch(self._execute(statement, values))

    def _check_writable(self) -> None:
        if not self._writable:
            message = "a read-only unit of work cannot write"
            raise RuntimeError(message)

    def _execute(self, statement: _CompiledStatement, values: dict[str, object]) -> Any:
        self.flush()
        return self._database.execute_sql(statement.sql, self._params(statement, values))

    def _params(self, statement: _CompiledStatement, values: Mapping[str, object]) -> list[object]:
        if statement.values_of is not None:  # of insertions, in a third of the time
            params = list(statement.values_of(values))
            for index, value in enumerate(params):
                if value.__class__ not in _PLAIN:
                    params[index] = self._encode(value)
            return params
        params = list(statement.params)
        for index, name in statement.names:
            value = values[name]
            params[index] = value if value.__class__ in _PLAIN else self._encode(value)
        return params

    def _encode_all(self, values: Sequence[object]) -> Sequence[object]:
        if _PLAIN.issuperset(map(type, values)):  # as most columns are
            return values
        return list(map(self._encode, values))

    def _encode(self, value: object) -> object:
        if value.__class__ is datetime:
            return self.dialect.to_db_timestamp(value)
        return value.value if isinstance(value, Enum) else value


def columns_of(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the values of rows by name; to read one name of all rows takes a fraction of the time."""
    return {name: list(map(itemgetter(name), rows)) for name in names}


def as_it_is(query: Select) -> Select:
    """The query unchanged: locks no rows."""
    return query
