"""Migrations of the database's schema."""

import ast
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from playhouse.migrations import Migration as Step
from playhouse.migrations import Runner

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.domain.errors import SchemaMismatch
from leadtracker.domain.ports.schema import Migration, Schema

_MIGRATIONS = Path(__file__).parent / "migrations"
_NEWER = "the database was made by a newer version of this program; upgrade the program"
# Migrations before release 1.0 had other names, and their numbers began at 1, too.
_BEFORE_RELEASE_1 = (
    "the database was made before release 1.0 and cannot be upgraded; export its leads with the version "
    "that made it (leadtracker leads export --output leads.csv), and import them into an empty database "
    "(leadtracker leads import leads.csv)"
)


def known_migrations() -> list[str]:
    """The names of all migrations of this version, in order."""
    return sorted(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


def keeps_rows_of(applied: Sequence[str]) -> bool:
    """Return whether the rows of a database with these migrations only fit into one with all of them.

    That is so if these are the first ones, and each later one says ``KEEPS_ROWS = True``: it changes indexes,
    or appends columns that may be empty, but changes no other table, column or value.
    """
    steps = Step.load_directory(str(_MIGRATIONS))
    first, later = steps[: len(applied)], steps[len(applied) :]
    are_first = [step.name for step in first] == list(applied)
    return are_first and all(getattr(step.load(), "KEEPS_ROWS", False) for step in later)


class PeeweeSchema(Schema):
    """Runs the files of a folder in the order of their numbers, each in one transaction.

    Args:
        dialect: the SQL engine.
        migrations: the folder.
    """

    def __init__(self, dialect: Dialect, migrations: Path = _MIGRATIONS) -> None:
        self._dialect = dialect
        self._folder = migrations

    def migrations(self) -> list[Migration]:
        with translated_errors():
            self._dialect.open()
            try:
                return self._status()
            finally:
                self._dialect.release()

    def migrate(self) -> list[str]:
        with translated_errors():
            self._dialect.open()
            try:
                with self._dialect.migration_lock():
                    self._status()  # raises SchemaMismatch if the database is newer than this program
                    return list(self._runner().up())
            finally:
                self._dialect.release()

    def prepare(self) -> None:
        migrations = self.migrations()
        if all(migration.applied_at is None for migration in migrations):
            self.migrate()
        elif any(migration.applied_at is None for migration in migrations):
            message = "the database is older than this program; run: leadtracker migrate"
            raise SchemaMismatch(message)

    def _status(self) -> list[Migration]:
        steps = self._runner().status()
        unknown = [step.name for step in steps if step.path is None]
        if unknown:
            newest_known = max(step.name for step in steps if step.path is not None)
            raise SchemaMismatch(_BEFORE_RELEASE_1 if min(unknown) < newest_known else _NEWER)
        # The runner records the local time of the process, without its zone.
        return [
            Migration(step.name, step.applied and step.applied.astimezone(UTC), _purpose(Path(step.path)))
            for step in steps
        ]

    def _runner(self) -> Runner:
        return Runner(self._dialect.database, str(self._folder), table_name="schema_migrations")


def _purpose(migration: Path) -> str:
    """Return the first line of the docstring of a migration."""
    docstring = ast.get_docstring(ast.parse(migration.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]
