"""Migrations bring any database into shape once, however often and by however many they are run."""

import multiprocessing
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.domain.errors import SchemaMismatch
from leadtracker.domain.ports.schema import Schema
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.database import execute

FOLDER = Path(__file__).parents[5] / "leadtracker/adapters/database/migrations"
KNOWN = [path.stem for path in sorted(FOLDER.glob("[0-9]*.py"))]
PROCESSES = 4
MIGRATION_TIMEOUT_SECONDS = 60

OpenSchema = Callable[[str], Schema]


@pytest.fixture
def open_schema(open_dialect: OpenDialect) -> OpenSchema:
    return lambda url: PeeweeSchema(open_dialect(url))


def test_empty_database_has_no_migrations(empty_url: str, open_schema: OpenSchema) -> None:
    steps = open_schema(empty_url).migrations()
    assert [(step.name, step.applied_at) for step in steps] == [(name, None) for name in KNOWN]


def test_listing_migrations_changes_nothing(empty_url: str, open_schema: OpenSchema) -> None:
    open_schema(empty_url).migrations()
    catalogue = "pg_tables WHERE schemaname = 'public'"
    tables = "sqlite_master" if empty_url.startswith("sqlite") else catalogue
    assert execute(empty_url, f"SELECT * FROM {tables}") == []  # noqa: S608 - both are ours


def test_migrations_run_and_record_time(empty_url: str, open_schema: OpenSchema) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    schema = open_schema(empty_url)
    assert schema.migrate() == KNOWN
    applied = [step.applied_at for step in schema.migrations()]
    assert all(at is not None and before <= at <= datetime.now(UTC) for at in applied)


def test_second_migration_does_nothing(empty_url: str, open_schema: OpenSchema) -> None:
    schema = open_schema(empty_url)
    schema.migrate()
    steps = schema.migrations()
    assert schema.migrate() == []
    assert open_schema(empty_url).migrate() == []
    assert schema.migrations() == steps


def test_concurrent_migrations_run_once(empty_url: str, open_schema: OpenSchema) -> None:
    assert sorted(_migrate_in_processes(empty_url)) == [[]] * (PROCESSES - 1) + [KNOWN]
    assert all(step.applied_at for step in open_schema(empty_url).migrations())


def test_empty_database_is_initialised(empty_url: str, open_schema: OpenSchema) -> None:
    open_schema(empty_url).prepare()
    assert open_schema(empty_url).migrate() == []


def test_current_database_is_left_alone(database_url: str, open_schema: OpenSchema) -> None:
    steps = open_schema(database_url).migrations()
    open_schema(database_url).prepare()
    assert open_schema(database_url).migrations() == steps


def test_older_database_needs_explicit_migration(
    database_url: str, open_dialect: OpenDialect, tmp_path: Path
) -> None:
    next_version = tmp_path / "migrations"
    shutil.copytree(FOLDER, next_version)
    (next_version / "9999_next.py").write_text("def up(migrator, db): pass")
    schema = PeeweeSchema(open_dialect(database_url), next_version)
    with pytest.raises(SchemaMismatch, match="older"):
        schema.prepare()
    assert schema.migrate() == ["9999_next"]
    schema.prepare()


def test_a_newer_database_is_rejected_by_everything(database_url: str, open_schema: OpenSchema) -> None:
    future = "INSERT INTO schema_migrations (name, applied) VALUES ('9999_next', '2030-01-01')"
    execute(database_url, future)
    schema = open_schema(database_url)
    for ask in (schema.migrations, schema.migrate, schema.prepare):
        with pytest.raises(SchemaMismatch, match="newer"):
            ask()


def test_every_migration_states_purpose(empty_url: str, open_schema: OpenSchema) -> None:
    assert all(step.purpose.endswith(".") for step in open_schema(empty_url).migrations())


def test_failed_migration_is_rolled_back(
    database_url: str, open_dialect: OpenDialect, tmp_path: Path
) -> None:
    step = tmp_path / "9999_next.py"
    for path in FOLDER.glob("[0-9]*.py"):
        shutil.copy(path, tmp_path)
    create = "def up(migrator, db):\n    db.execute_sql('CREATE TABLE next (id INTEGER)')\n"
    step.write_text(f"{create}    raise ZeroDivisionError")
    schema = PeeweeSchema(open_dialect(database_url), tmp_path)
    with pytest.raises(ZeroDivisionError):
        schema.migrate()
    step.write_text(create)
    assert schema.migrate() == ["9999_next"]


def _migrate_in_processes(url: str) -> list[list[str]]:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=_migrate, args=(url, start, results)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    taken = [results.get(timeout=MIGRATION_TIMEOUT_SECONDS) for _ in processes]
    for process in processes:
        process.join()
    return taken


def _migrate(url: str, start: Barrier, results: "Queue[object]") -> None:
    dialect = dialect_for(url)
    start.wait(MIGRATION_TIMEOUT_SECONDS)
    try:
        results.put(PeeweeSchema(dialect).migrate())
    except Exception as error:  # noqa: BLE001 - whatever it is, the test reports it
        results.put(repr(error))
    dialect.close()
