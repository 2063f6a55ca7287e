"""Executing statements: built with Peewee once, compiled to SQL once, then only executed.

Building the SQL text costs several times what SQLite needs to execute it, so statements contain bind
parameters and are cached, per database, by the function that builds them and its arguments.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from enum import Enum
from typing import Any

import peewee
from attrs import define, field, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.errors import translated_errors
from leadtracker.adapters.database.engine.parameters import Parameter
from leadtracker.adapters.database.engine.write_batching import Write

Build = Callable[..., peewee.Node]
Row = tuple[Any, ...]
RowLock = Callable[[Select], Select]

_PLAIN = {str, int, type(None)}


@frozen
class _CompiledStatement:
    """A compiled statement.

    Attributes:
        params: what it takes, with parameters where values belong.
        names: which value belongs where.
    """

    sql: str
    params: tuple[Any, ...]
    names: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, sql: str, params: Iterable[Any]) -> "_CompiledStatement":
        params = tuple(params)
        names = ((index, param.name) for index, param in enumerate(params) if isinstance(param, Parameter))
        return cls(sql, params, tuple(names))


@frozen
class StatementCache:
    """The compiled statements of one database."""

    _dialect: Dialect
    _compiled: dict[Hashable, _CompiledStatement] = field(factory=dict, init=False)

    def get(self, build: Build, variant: tuple[Hashable, ...]) -> _CompiledStatement:
        """The statement that ``build(*variant)`` describes."""
        key = (build, *variant)
        statement = self._compiled.get(key)
        if statement is None:
            sql, params = self._dialect.database.get_sql_context().sql(build(*variant)).query()
            statement = self._compiled[key] = _CompiledStatement.of(sql, params)
        return statement


@define
class StatementExecutor:
    """The statements executed within one unit of work.

    Attributes:
        begin: begins the transaction, with the first statement that is executed.
        has_begun: whether that has happened.
        has_erased: whether personal data was removed for good.
        pending_writes: the writes that nobody has waited for yet, in order.
    """

    dialect: Dialect
    _database: peewee.Database
    _statement_cache: StatementCache
    _writable: bool
    _begin: Callable[[], None] | None = None
    has_begun: bool = field(default=False, init=False)
    has_erased: bool = field(default=False, init=False)
    pending_writes: list[Write] = field(factory=list, init=False)

    def lock_links(self) -> None:
        """Keep others from changing which leads belong together until the transaction ends."""
        self._check_writable()
        with translated_errors():
            self.flush()
            self.dialect.lock_links()

    def erase(self, build: Build, *variant: Hashable, **values: object) -> int:
        """Execute a statement that removes personal data for good, and count the rows it touched."""
        self.has_erased = True
        return self.write(build, *variant, **values)

    def rows(self, build: Build, *variant: Hashable, **values: object) -> list[Row]:
        """All rows of a reading statement."""
        with translated_errors():
            self.flush()  # not below: what is wrong with an earlier write is no answer to this
        try:
            return self._fetch(build, variant, values)
        except (UnicodeEncodeError, peewee.DataError) as error:
            # The text asked for cannot be stored (a lone surrogate, a NUL on PostgreSQL), so no row
            # has it. Drivers find that out before they send anything: the transaction can go on. What a
            # server finds has a state, and has ended the transaction.
            if getattr(error.__context__, "sqlstate", None):
                raise
            return []

    def row(self, build: Build, *variant: Hashable, **values: object) -> Row | None:
        """The first row of a reading statement, if there is one."""
        return next(iter(self.rows(build, *variant, **values)), None)

    def write(self, build: Build, *variant: Hashable, **values: object) -> int:
        """Execute a writing statement and count the rows it touched."""
        self._check_writable()
        with translated_errors():
            count: int = self._execute(build, variant, values).rowcount
        return count

    def enqueue_write(self, build: Build, *variant: Hashable, **values: object) -> None:
        """Have a statement that must touch one row executed before the next one here, or with the commit."""
        self._check_writable()
        statement = self._statement_cache.get(build, variant)
        self.pending_writes.append(Write(statement.sql, self._params(statement, values)))

    def flush(self) -> None:
        """Begin, if that has not happened yet, and execute what was left for later."""
        if not self.has_begun:
            if self._begin:
                self._begin()
            self.has_begun = True
        pending_writes, self.pending_writes = self.pending_writes, []
        for write in pending_writes:
            write.execute(self._database)

    def write_if_unique(self, build: Build, *variant: Hashable, **values: object) -> int | None:
        """Execute a writing statement; None if a unique index refuses it, and the transaction can go on."""
        self._check_writable()
        with translated_errors():
            self.flush()
        try:
            with translated_errors(), self._database.savepoint():
                count: int = self._execute(build, variant, values).rowcount
        except peewee.IntegrityError:
            return None
        return count

    def write_returning(self, build: Build, *variant: Hashable, **values: object) -> Row | None:
        """Execute a writing statement with RETURNING and give back its row, if it touched one."""
        self._check_writable()
        return next(iter(self._fetch(build, variant, values)), None)

    @property
    def lock_row(self) -> RowLock:
        """Makes a query keep others from changing what it reads; does nothing where nothing is written."""
        return self.dialect.lock_row if self._writable else as_it_is

    def _fetch(self, build: Build, variant: tuple[Hashable, ...], values: dict[str, object]) -> list[Row]:
        with translated_errors():
            return list(self._execute(build, variant, values).fetchall())

    def _check_writable(self) -> None:
        if not self._writable:
            message = "a read-only unit of work cannot write"
            raise RuntimeError(message)

    def _execute(self, build: Build, variant: tuple[Hashable, ...], values: dict[str, object]) -> Any:
        self.flush()
        statement = self._statement_cache.get(build, variant)
        return self._database.execute_sql(statement.sql, self._params(statement, values))

    def _params(self, statement: _CompiledStatement, values: dict[str, object]) -> list[object]:
        params = list(statement.params)
        for index, name in statement.names:
            value = values[name]
            params[index] = value if value.__class__ in _PLAIN else self._encode(value)
        return params

    def _encode(self, value: object) -> object:
        if isinstance(value, datetime):
            return self.dialect.to_db_timestamp(value)
        return value.value if isinstance(value, Enum) else value


def as_it_is(query: Select) -> Select:
    """Locks nothing."""
    return query
