"""Databases of earlier releases: every later version upgrades them and keeps what they hold."""

from itertools import product

import pytest

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.consistency import Invariant
from leadtracker.entrypoints.http.app import create_app
from tests.integration.adapters.database.schema.test_schema import catalogue
from tests.integration.http.conftest import MakeContainer
from tests.releases.dumps import RELEASES, dump_path, load_dump
from tests.support.clock import at
from tests.support.database import KINDS, execute
from tests.support.http import Client, api_key
from tests.support.memory.system import MemoryClock

_AFTER_THE_RELEASES = at("2026-12-01T00:00:00Z")
_SQLITE_COLUMNS = """
    SELECT tables.name, columns.name
        FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
"""
_POSTGRES_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
"""

Rows = dict[str, dict[str, list[object]]]


@pytest.fixture(params=product(RELEASES, KINDS), ids="-".join)
def released_url(request: pytest.FixtureRequest) -> str:
    """A database as a release left it, not upgraded yet."""
    release, kind = request.param
    url: str = request.getfixturevalue(f"empty_{'postgres' if kind == 'postgresql' else kind}_url")
    load_dump(dump_path(release, kind), url)
    return url


@pytest.fixture
def upgraded_url(released_url: str) -> str:
    dialect = dialect_for(released_url)
    PeeweeSchema(dialect).migrate()
    dialect.close()
    return released_url


@pytest.fixture
def database_url(upgraded_url: str) -> str:
    return upgraded_url


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(_AFTER_THE_RELEASES)


@pytest.fixture
def admin(make_container: MakeContainer) -> Client:
    """An admin of the upgraded database."""
    container = make_container()
    key = container.manage_api_keys().add(OPERATOR, "next-release", Role.ADMIN)
    return Client.of(create_app(container)).with_headers(api_key(key))


def rows(url: str) -> Rows:
    """Read all tables: the sorted values of each column."""
    found: Rows = {}
    columns = execute(url, _SQLITE_COLUMNS if url.startswith("sqlite") else _POSTGRES_COLUMNS)
    for table, column in columns:
        values = execute(url, f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - names of the schema
        found.setdefault(table, {})[column] = sorted((value for (value,) in values), key=repr)
    return found


def test_upgrade_keeps_every_value(released_url: str) -> None:
    before = rows(released_url)
    dialect = dialect_for(released_url)
    PeeweeSchema(dialect).migrate()
    dialect.close()
    after = rows(released_url)
    kept = {table: {name: after[table][name] for name in columns} for table, columns in before.items()}
    assert before.pop("schema_migrations")
    assert {name: columns for name, columns in kept.items() if name in before} == before
    assert sum(map(bool, before["leads"]["id"])) > 20


def test_upgraded_schema_is_that_of_a_new_database(upgraded_url: str, request: pytest.FixtureRequest) -> None:
    new = request.getfixturevalue("sqlite_url" if upgraded_url.startswith("sqlite") else "postgres_url")
    assert sorted(catalogue(upgraded_url)) == sorted(catalogue(new))


def test_upgraded_data_is_consistent(make_container: MakeContainer) -> None:
    container = make_container()
    create_app(container)
    found = {check.name: check for check in container.run_diagnostics()()}
    assert {name: found[name].detail for name in Invariant if not found[name].passed} == {}


def test_every_upgraded_lead_opens(admin: Client) -> None:
    leads = admin.get("/leads", duplicates="include", limit=200).body
    assert len(leads) > 20
    for lead in leads:
        assert admin.get(f"/leads/{lead['id']}").body["version"] == lead["version"]
        assert admin.get(f"/leads/{lead['id']}/history").body
    assert admin.get("/leads", q="mueller 北京").body[0]["email"] == "corrected@example.com"


def test_upgraded_database_takes_leads(admin: Client) -> None:
    fields = {"first_name": "Ann", "last_name": "Lee", "email": "held@example.com"}
    assert admin.post("/leads", fields).status == 409
    assert admin.post("/leads", fields | {"email": "later@example.com"}).status == 201
    assert admin.get("/reports/weekly").body
