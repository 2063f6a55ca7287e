"""The models equal the migrations: what they create is the same to the last word of the catalogue."""

import re
from collections.abc import Iterator

import pytest
from playhouse.schema_diff import diff_models

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.tables import TABLES
from tests.integration.database.conftest import OpenDialect
from tests.support.database import execute

HISTORY = "schema_migrations"  # the runner's own table, which no model describes

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master"
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
    """Everything a database says of its shape, but for the runner's own table."""
    rows = execute(url, SQLITE if url.startswith("sqlite") else POSTGRESQL)
    lines = {re.sub(r"\s+", " ", " | ".join(map(str, row))) for row in rows}
    return {line for line in lines if HISTORY not in line}


@pytest.fixture
def modelled(empty_url: str, open_dialect: OpenDialect) -> Iterator[Dialect]:
    """A database whose tables were created from the models."""
    dialect = open_dialect(empty_url)
    dialect.open()
    with dialect.database.bind_ctx(TABLES):
        dialect.database.create_tables(TABLES, safe=False)
        dialect.full_text.create(dialect.database)
        yield dialect


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, empty_url: str) -> str:
    """A database of the same kind, made by the migrations."""
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
    assert [line for line in found if "lead_search_document" not in line] == []  # full_text makes that one
