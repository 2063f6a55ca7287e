"""The databases of PostgreSQL that tests use one after another."""

import psycopg
import pytest

from tests.support.database import connect
from tests.support.instruments.polling import eventually
from tests.support.servers.postgres import PostgresServer
from tests.support.servers.postgres_pool import DatabasePool


def connections(url: str) -> int:
    """Count the connections to the databases of this worker, whose names begin alike."""
    with connect(url) as connection:
        prefix = url.rpartition("/")[2].rpartition("_")[0]
        select = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE %s"
        return int(connection.execute(select, (f"{prefix}%",)).fetchone()[0])


def test_unusable_database_leaves_no_connection(
    postgres_server: PostgresServer, empty_postgres_url: str
) -> None:
    before = connections(empty_postgres_url)
    pool = DatabasePool(postgres_server, template=empty_postgres_url)  # without the table of migrations
    with pytest.raises(psycopg.Error) as failure, pool.database():
        pass
    assert "schema_migrations" in str(failure.value)
    eventually(lambda: connections(empty_postgres_url) == before, "the connection is closed")
