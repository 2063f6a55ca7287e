"""Migrations of the database's schema."""

from datetime import UTC
from pathlib import Path

from playhouse.migrations import Runner

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.domain.errors import SchemaMismatch
from leadtracker.domain.ports.schema import Migration, Schema

_MIGRATIONS = Path(__file__).parent / "migrations"


def known_migrations() -> list[str]:
    """The names of all migrations of this version, in order."""
    return sorted(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


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
        if any(step.path is None for step in steps):
            message = "the database was made by a newer version of this program; upgrade the program"
            raise SchemaMismatch(message)
        # The runner records the local time of the process, without its zone.
        return [Migration(step.name, step.applied and step.applied.astimezone(UTC)) for step in steps]

    def _runner(self) -> Runner:
        return Runner(self._dialect.database, str(self._folder), table_name="schema_migrations")
