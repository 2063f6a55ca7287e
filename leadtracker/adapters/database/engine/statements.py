"""Executing statements: built with Peewee once, compiled to SQL once, then only executed.

Building the SQL text costs several times what SQLite needs to execute it, so statements are made of slots
(named places for values) and kept, per database, under the function that builds them and its arguments.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from enum import Enum
from typing import Any

import peewee
from attrs import define, field, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.errors import translated_errors
from leadtracker.adapters.database.engine.parameters import Slot
from leadtracker.adapters.database.engine.write_batching import Write

Build = Callable[..., peewee.Node]
Row = tuple[Any, ...]
RowLock = Callable[[Select], Select]

_PLAIN = {str, int, type(None)}


@frozen
class _Statement:
    """A compiled statement.

    Attributes:
        params: what it takes, with slots where values belong.
        names: which value belongs where.
    """

    sql: str
    params: tuple[Any, ...]
    names: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, sql: str, params: Iterable[Any]) -> "_Statement":
        params = tuple(params)
        names = ((place, param.name) for place, param in enumerate(params) if isinstance(param, Slot))
        return cls(sql, params, tuple(names))


@frozen
class Statements:
    """The compiled statements of one database."""

    _dialect: Dialect
    _compiled: dict[Hashable, _Statement] = field(factory=dict, init=False)

    def get(self, build: Build, shape: tuple[Hashable, ...]) -> _Statement:
        """The statement that ``build(*shape)`` describes."""
        key = (build, *shape)
        statement = self._compiled.get(key)
        if statement is None:
            sql, params = self._dialect.database.get_sql_context().sql(build(*shape)).query()
            statement = self._compiled[key] = _Statement.of(sql, params)
        return statement


@define
class Session:
    """The statements executed within one unit of work.

    Attributes:
        begin: begins the transaction, with the first statement that is executed.
        has_begun: whether that has happened.
        has_erased: whether personal data was removed for good.
        later: the writes that nobody has waited for yet, in order.
    """

    dialect: Dialect
    _database: peewee.Database
    _statements: Statements
    _writable: bool
    _begin: Callable[[], None] | None = None
    has_begun: bool = field(default=False, init=False)
    has_erased: bool = field(default=False, init=False)
    later: list[Write] = field(factory=list, init=False)

    def lock_links(self) -> None:
        """Keep others from changing which leads belong together until the transaction ends."""
        self._check_writable()
        with translated_errors():
            self.catch_up()
            self.dialect.lock_links()

    def erase(self, build: Build, *shape: Hashable, **values: object) -> int:
        """Execute a statement that removes personal data for good, and count the rows it touched."""
        self.has_erased = True
        return self.write(build, *shape, **values)

    def rows(self, build: Build, *shape: Hashable, **values: object) -> list[Row]:
        """All rows of a reading statement."""
        with translated_errors():
            self.catch_up()  # not below: what is wrong with an earlier write is no answer to this
        try:
            return self._fetch(build, shape, values)
        except (UnicodeEncodeError, peewee.DataError) as error:
            # The text asked for cannot be stored (a lone surrogate, a NUL on PostgreSQL), so no row
            # has it. Drivers find that out before they send anything: the transaction can go on. What a
            # server finds has a state, and has ended the transaction.
            if getattr(error.__context__, "sqlstate", None):
                raise
            return []

    def row(self, build: Build, *shape: Hashable, **values: object) -> Row | None:
        """The first row of a reading statement, if there is one."""
        return next(iter(self.rows(build, *shape, **values)), None)

    def write(self, build: Build, *shape: Hashable, **values: object) -> int:
        """Execute a writing statement and count the rows it touched."""
        self._check_writable()
        with translated_errors():
            count: int = self._execute(build, shape, values).rowcount
        return count

    def write_later(self, build: Build, *shape: Hashable, **values: object) -> None:
        """Have a statement that must touch one row executed before the next one here, or with the commit."""
        self._check_writable()
        statement = self._statements.get(build, shape)
        self.later.append(Write(statement.sql, self._params(statement, values)))

    def catch_up(self) -> None:
        """Begin, if that has not happened yet, and execute what was left for later."""
        if not self.has_begun:
            if self._begin:
                self._begin()
            self.has_begun = True
        later, self.later = self.later, []
        for write in later:
            write.execute(self._database)

    def write_unless_taken(self, build: Build, *shape: Hashable, **values: object) -> int | None:
        """Execute a writing statement; None if a unique index refuses it, and the transaction can go on."""
        self._check_writable()
        with translated_errors():
            self.catch_up()
        try:
            with translated_errors(), self._database.savepoint():
                count: int = self._execute(build, shape, values).rowcount
        except peewee.IntegrityError:
            return None
        return count

    def write_returning(self, build: Build, *shape: Hashable, **values: object) -> Row | None:
        """Execute a writing statement with RETURNING and give back its row, if it touched one."""
        self._check_writable()
        return next(iter(self._fetch(build, shape, values)), None)

    @property
    def lock_row(self) -> RowLock:
        """Makes a query keep others from changing what it reads; does nothing where nothing is written."""
        return self.dialect.lock_row if self._writable else as_it_is

    def _fetch(self, build: Build, shape: tuple[Hashable, ...], values: dict[str, object]) -> list[Row]:
        with translated_errors():
            return list(self._execute(build, shape, values).fetchall())

    def _check_writable(self) -> None:
        if not self._writable:
            message = "a read-only unit of work cannot write"
            raise RuntimeError(message)

    def _execute(self, build: Build, shape: tuple[Hashable, ...], values: dict[str, object]) -> Any:
        self.catch_up()
        statement = self._statements.get(build, shape)
        return self._database.execute_sql(statement.sql, self._params(statement, values))

    def _params(self, statement: _Statement, values: dict[str, object]) -> list[object]:
        params = list(statement.params)
        for place, name in statement.names:
            value = values[name]
            params[place] = value if value.__class__ in _PLAIN else self._encode(value)
        return params

    def _encode(self, value: object) -> object:
        if isinstance(value, datetime):
            return self.dialect.encode_instant(value)
        return value.value if isinstance(value, Enum) else value


def as_it_is(query: Select) -> Select:
    """Locks nothing."""
    return query
