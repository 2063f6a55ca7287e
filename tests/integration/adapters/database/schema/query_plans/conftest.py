"""A database of each kind with enough leads for its planner to choose between plans."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.leads.lead_repository import LeadRepository
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.clock import at
from tests.support.database import KINDS, execute
from tests.support.instruments.query_plans import Explanation, explain
from tests.support.servers.postgres import PostgresServer

Ask = Callable[[LeadRepository], object]
ExplainWork = Callable[..., Explanation]

LEADS = 20_000  # one every 50 minutes, for nearly two years
FIRST, DEEP, MIDDLE, LAST = (
    at(f"{month}-01T00:00:00Z") for month in ("2025-01", "2025-02", "2026-01", "2026-11")
)
FILL = """
    INSERT INTO leads (id, first_name, last_name, email, identity, source, state, owner, version,
                       created_at, updated_at, follow_up_at, duplicate_of, enquiries)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {leads}),
         known AS (SELECT n, CASE WHEN n % 20 = 7 THEN n - 1 END AS first FROM numbers)
    SELECT 'lead-' || (100000 + n), 'A', 'B', address, address,
           CASE WHEN n % 40 = 3 THEN 'fair' ELSE 'web' END,
           CASE WHEN n % 50 = 0 THEN 'CONVERTED' WHEN n % 40 = 27 OR n % 2 = 0 AND n % 40 <> 28 THEN 'LOST'
                ELSE 'PENDING' END,
           CASE WHEN n % 40 = 5 THEN 'ann' WHEN n % 40 <> 9 THEN 'bob' END,
           1, created_at, created_at,
           CASE WHEN n % 3 = 1 THEN '9999-12-31T23:59:59.999999Z' ELSE created_at END,
           'lead-' || (100000 + first), 0
    FROM (SELECT n, first, {time} AS created_at,
                 'p' || coalesce(first, n) || '@example.com' AS address FROM known) AS described
"""
WORDS = {
    "sqlite": """
        INSERT INTO lead_search (rank_id, lead_id, search_document)
        SELECT CAST(strftime('%s', created_at) AS INTEGER) * 33554432, id,
               'common w' || substr(id, -1) || ' r' || substr(id, -3) FROM leads
    """,
    "postgresql": """
        INSERT INTO lead_search (rank_id, lead_id, search_document)
        SELECT extract(epoch FROM date_trunc('second', created_at))::bigint * 33554432 + row_number() OVER (),
               id, array_to_tsvector(
            ARRAY['common', 'w' || right(id, 1), 'r' || right(id, 3)]
            || ARRAY(SELECT 'said' || n || right(id, 2) FROM generate_series(1, 40) AS numbers(n)))
        FROM leads
    """,
}
INDEX = "INSERT INTO lead_search_index (lead_search_index) VALUES ('rebuild')"
FOLLOW_UPS = """
    INSERT INTO follow_ups (id, lead_id, due_at, created_at, created_by, done_at, reminded_at)
    SELECT id, id, created_at, created_at, 'user:ann', CASE WHEN id LIKE '%5' THEN created_at END,
           CASE WHEN id NOT LIKE '%01' THEN created_at END FROM leads
"""
DELIVERIES = """
    INSERT INTO deliveries (id, kind, recipient, recipient_key, lead_id, state, created_at, due_at, epoch,
                        channel)
    SELECT id, 'lead.created', 'r', CASE WHEN id LIKE '%7' THEN 'well' ELSE 'ill' END, id,
           CASE WHEN id LIKE '%1_' THEN 'pending' ELSE 'sent' END, created_at,
           CASE WHEN id LIKE '%1_' THEN created_at END, 0,
           CASE WHEN id LIKE '%6' THEN 'mail' ELSE 'webhook' END
    FROM leads
"""
TIMES = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f', '2025-01-01', (50 * n) || ' minutes') || '000Z'",
    "postgresql": "timestamptz '2025-01-01Z' + n * interval '50 minutes'",
}
CURSOR = Cursor(MIDDLE, "lead-105000")
OF_LAST_TOUCH = "leads_duplicate_of_created_at"
"""The index by which the last touch of each lead on a page is read."""
ROWS_READ = 51  # one more than the page shows, to know whether there is a next one


def page(
    after: Cursor | None = None,
    sort: Sort = Sort.LATEST_CREATED,
    state: LeadState | None = None,
    **criteria: Any,
) -> Ask:
    """A query for a page of 50 leads."""
    states = frozenset([state] if state else [])
    lead_filter = LeadFilter(states=states, **criteria)
    return lambda leads: leads.page(lead_filter, limit=50, after=after, sort=sort)


@pytest.fixture(scope="session")
def populated_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('populated'))}"
    fill = FILL.format(leads=LEADS, time=TIMES["sqlite"])
    for statement in (fill, WORDS["sqlite"], INDEX, FOLLOW_UPS, DELIVERIES):
        execute(url, statement)
    return url


@pytest.fixture(scope="session")
def populated_postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    url = postgres_server.create_database(postgres_template)
    fill = FILL.format(leads=LEADS, time=TIMES["postgresql"])
    for statement in (fill, WORDS["postgresql"], FOLLOW_UPS, DELIVERIES, "ANALYZE"):
        execute(url, statement)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=KINDS)
def populated_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn, which the tests of a process share."""
    fixtures = {"sqlite": "populated_sqlite", "postgresql": "populated_postgres"}
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture
def explained_work(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> ExplainWork:
    """Runs something in a unit of work and explains its last statement that contains a text.

    The index of the last touch, which every lead that is read needs, counts only if no other one is used.
    """
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def explained_work(
        work: Callable[[UnitOfWork], object], containing: str = "", *, writes: bool = False
    ) -> Explanation:
        def act() -> None:
            with unit_of_work() if writes else unit_of_work.read_only() as tx:
                work(tx)

        explanation = explain(dialect, caplog, act, containing)
        others = explanation.indexes - ({OF_LAST_TOUCH} if not writes else set())
        return evolve(explanation, indexes=others or explanation.indexes)

    return explained_work


@pytest.fixture
def explained(explained_work: ExplainWork) -> Callable[[Ask], Explanation]:
    """Runs a query of the lead repository and explains the statement."""
    return lambda ask: explained_work(lambda tx: ask(tx.leads))
