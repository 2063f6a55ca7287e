"""Models and migrations create the same catalogue: columns, keys, indexes, triggers and table options."""

import re
from collections.abc import Iterator

import pytest
from playhouse.schema_diff import diff_models

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.repositories.leads.pages.search import FULL_TEXT
from leadtracker.adapters.database.tables import TABLES
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.database import execute

RUNNER_TABLE = "schema_migrations"  # no model describes it

# The text of CREATE TABLE is not compared: ALTER TABLE appends columns behind the constraints.
SQLITE = """
    SELECT type, name, tbl_name, sql FROM sqlite_master
        WHERE type != 'table' OR sql LIKE 'CREATE VIRTUAL%'
    UNION ALL SELECT 'table', name, wr,
        printf('%s %s %s', strict, instr(sql, 'AUTOINCREMENT') > 0, instr(sql, 'CHECK') > 0)
        FROM pragma_table_list JOIN sqlite_master USING (name, type)
    UNION ALL SELECT 'column', tables.name, columns.name,
        printf('%s %s %s %s %s', cid, columns.type, "notnull", dflt_value, pk)
        FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
        WHERE tables.type = 'table'
    UNION ALL SELECT 'foreign key', tables.name, keys."from",
        printf('%s %s %s %s', keys."table", keys."to", on_update, on_delete)
        FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table'
"""
POSTGRESQL = """
    SELECT 'column', table_name, column_name, concat_ws(' ', ordinal_position, data_type,
        is_nullable, column_default, collation_name, character_maximum_length, is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef
        FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'relation', relname, relkind::text, relpersistence::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
"""


def catalogue(url: str) -> set[str]:
    """All tables, columns, indexes and constraints of a database, except for the migration runner's table."""
    rows = execute(url, SQLITE if url.startswith("sqlite") else POSTGRESQL)
    lines = {re.sub(r"\s+", " ", " | ".join(map(str, row))) for row in rows}
    return {line for line in lines if RUNNER_TABLE not in line}


@pytest.fixture
def modelled(empty_url: str, open_dialect: OpenDialect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialect]:
    """A database whose tables were created from the models."""
    dialect = open_dialect(empty_url)
    dialect.open()
    if dialect.kind == "postgresql":
        for table in TABLES:  # Peewee writes WITHOUT ROWID for every database, but only SQLite knows it
            monkeypatch.setattr(table._meta, "without_rowid", False)
    with dialect.database.bind_ctx(TABLES):
        dialect.database.create_tables(TABLES, safe=False)
        FULL_TEXT[dialect.kind].create(dialect.database)
        yield dialect


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, empty_url: str) -> str:
    """A database of the same kind that the migrations created."""
    fixture = "sqlite_url" if empty_url.startswith("sqlite") else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.mark.usefixtures("modelled")
def test_models_equal_the_migrations(empty_url: str, migrated_url: str) -> None:
    by_models = catalogue(empty_url)
    assert len(by_models) > len(TABLES)
    assert sorted(by_models) == sorted(catalogue(migrated_url))


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX leads_created_at",
        "CREATE INDEX more ON leads (source)",
        "ALTER TABLE users ADD COLUMN more INTEGER",
        "ALTER TABLE report_attempts DROP COLUMN detail",
        "CREATE TABLE more (id INTEGER)",
    ],
)
def test_schema_comparison_detects_differences(empty_url: str, modelled: Dialect, change: str) -> None:
    before = catalogue(empty_url)
    modelled.close()
    execute(empty_url, change)
    assert catalogue(empty_url) != before


def test_peewee_detects_no_difference(migrated_url: str, open_dialect: OpenDialect) -> None:
    dialect = open_dialect(migrated_url)
    dialect.open()
    with dialect.database.bind_ctx(TABLES):
        found = str(diff_models(dialect.database, TABLES)).splitlines()
    assert [line for line in found if "lead_search_document" not in line] == []  # FullText.create makes it
