"""Databases for campaigns: each campaign gets a separate, migrated one."""

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from attrs import define, field

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from tests.support.servers.postgres import PostgresServer, running_postgres

SQLITE, POSTGRES = KINDS = ("sqlite", "postgresql")
MEMORY = "memory"
"""No database: the campaign uses the in-memory adapters."""


@define
class Databases:
    """Creates databases; PostgreSQL runs from its first database to the end of the block."""

    _stack: ExitStack = field(factory=ExitStack, init=False)

    def create(self, kind: str, folder: Path) -> str:
        """Create and migrate a database, and return its URL; an empty one without a database."""
        if kind == MEMORY:
            return ""
        url = f"sqlite:///{folder / 'leadtracker.db'}" if kind == SQLITE else self._postgres.create_database()
        dialect = dialect_for(url)
        PeeweeSchema(dialect).migrate()
        dialect.close()
        return url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    @cached_property
    def _postgres(self) -> PostgresServer:
        return self._stack.enter_context(running_postgres())
