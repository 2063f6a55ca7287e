"""PostgreSQL behind PgBouncer in transaction mode, which gives each transaction another connection."""

from collections.abc import Iterator

import psycopg
import pytest

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import StorageUnavailable
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_lead
from tests.support.instruments.concurrency import run_in_threads
from tests.support.servers.pgbouncer import pgbouncer_before

THREADS, LEADS_PER_THREAD = 10, 8  # a server prepares a statement that is repeated five times


@pytest.fixture
def bouncer_url(postgres_url: str) -> Iterator[str]:
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'UTC'")
    with pgbouncer_before(postgres_url) as url:
        yield url


def test_leads_are_stored_through_a_pooler(bouncer_url: str, open_dialect: OpenDialect) -> None:
    unit_of_work = PeeweeUnitOfWorkFactory(open_dialect(f"{bouncer_url}?prepared_statements=off"))

    def store_some(thread: int) -> None:
        for number in range(LEADS_PER_THREAD):
            lead = make_lead(f"lead-{thread}-{number}", f"ann{thread}.{number}@example.com")
            with unit_of_work() as tx:
                tx.leads.add(lead)
                tx.commit()
            with unit_of_work.read_only() as tx:
                assert tx.leads.get(lead.id).created_at == lead.created_at

    run_in_threads(THREADS, store_some)


def test_start_through_a_pooler_needs_the_parameter(bouncer_url: str, open_dialect: OpenDialect) -> None:
    with pytest.raises(StorageUnavailable, match="prepared_statements=off"):
        open_dialect(bouncer_url).open()


def test_pooler_in_session_mode_may_be_declared(bouncer_url: str, open_dialect: OpenDialect) -> None:
    dialect = open_dialect(f"{bouncer_url}?prepared_statements=on")
    dialect.open()
    dialect.release()


def test_dropped_time_zone_is_reported(
    bouncer_url: str, postgres_url: str, open_dialect: OpenDialect
) -> None:
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'")
    with pytest.raises(StorageUnavailable, match="timezone"):
        open_dialect(f"{bouncer_url}?prepared_statements=off").open()
