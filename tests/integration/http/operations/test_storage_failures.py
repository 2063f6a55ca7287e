"""When the database cannot do its work: 503, nothing stored, and all is well again afterwards."""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import connect, on_every_database, on_postgres, on_sqlite
from tests.support.http import Client
from tests.support.raw_database import RawDatabase
from tests.support.servers.postgres import PostgresServer


def check_unavailable(response: Response) -> None:
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.body["type"] == "urn:leadtracker:problem:storage-unavailable"


@on_sqlite
def test_while_others_hold_the_file_leads_wait_and_are_then_rejected(
    public: Client, viewer: Client, container: Container, raw_db: RawDatabase
) -> None:
    container.dialect().writer.execute_sql("PRAGMA busy_timeout = 50")  # the default is 5 s
    with connect(raw_db.url) as connection:
        connection.execute("BEGIN IMMEDIATE")
        check_unavailable(public.post("/leads", make_fields()))
        assert viewer.get("/leads").status == 200
        connection.execute("ROLLBACK")
    assert raw_db.count("leads") == 0
    assert public.post("/leads", make_fields()).status == 201


@on_postgres
def test_while_others_hold_the_table_leads_wait_and_are_then_rejected(
    public: Client, container: Container, raw_db: RawDatabase
) -> None:
    database = container.dialect().database
    database.connect()
    database.execute_sql("SET lock_timeout = '50ms'")
    database.close()  # back to the pool, where the next request finds it
    with psycopg.connect(raw_db.url) as connection:
        connection.execute("LOCK TABLE leads IN EXCLUSIVE MODE")
        check_unavailable(public.post("/leads", make_fields()))
    assert raw_db.count("leads") == 0
    assert public.post("/leads", make_fields()).status == 201


@on_postgres
def test_restarted_server_is_reconnected(public: Client, raw_db: RawDatabase) -> None:
    assert public.post("/leads", make_fields("before@example.com")).status == 201
    raw_db.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "  # and wait until they are gone
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    responses = [public.post("/leads", make_fields(f"p{number}@example.com")) for number in range(3)]
    assert {response.status for response in responses} <= {201, 503}
    assert responses[-1].status == 201
    assert raw_db.count("leads") == 1 + sum(response.status == 201 for response in responses)


REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/leads", {"json": make_fields()}),
    ("GET", "/leads", {}),
    ("GET", "/leads/some-id", {}),
    ("GET", "/leads/some-id/resume", {}),
    ("PUT", "/leads/some-id/resume", {"data": b"x", "content_type": "text/plain"}),
    ("GET", "/leads/export", {}),
    ("POST", "/leads/import", {"data": b"", "content_type": "text/csv"}),
    ("GET", "/reports/weekly", {}),
    ("POST", "/reports/weekly/2026-W46/send", {}),
]


@pytest.fixture
def gone(
    make_container: MakeContainer, database_url: str, postgres_server: PostgresServer, tmp_path: Path
) -> Client:
    """A client, signed in with a key, of an application whose database has gone away."""
    folder = tmp_path / "gone"
    if database_url.startswith("sqlite"):
        folder.mkdir()
        container = make_container(database_url=f"sqlite:///{folder / 'leadtracker.db'}")
        container.dialect()
        shutil.rmtree(folder)
    else:
        container = make_container()
        postgres_server.drop_database(urlsplit(database_url).path.removeprefix("/"))
    return Client.of(create_app(container)).with_headers({"X-API-Key": "lt_anything"})


@on_every_database
@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_routes_report_missing_database(gone: Client, method: str, path: str, body: dict[str, Any]) -> None:
    response = gone.request(method, path, **body)
    check_unavailable(response)
    assert "leadtracker.db" not in str(response.body)
    assert "127.0.0.1" not in str(response.body)


@on_every_database
def test_missing_database_is_live_not_ready(gone: Client) -> None:
    assert gone.get("/healthz").status == 200
    ready = gone.get("/readyz")
    assert ready.status == 503
    assert ready.body["checks"]["database"]["passed"] is False


class TestWithoutTables:
    @pytest.fixture
    def database_url(self, empty_url: str) -> str:
        return empty_url

    @pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
    def test_routes_report_an_outage(
        self, public: Client, method: str, path: str, body: dict[str, Any]
    ) -> None:
        client = public.with_headers({"X-API-Key": "lt_anything"})
        check_unavailable(client.request(method, path, **body))

    def test_outage_is_live_not_ready(self, public: Client) -> None:
        assert public.get("/healthz").status == 200
        ready = public.get("/readyz")
        assert ready.status == 503
        assert ready.body["checks"]["database"]["passed"] is True
        assert ready.body["checks"]["schema"] == {
            "passed": False,
            "detail": "the database is empty; leadtracker up, or leadtracker migrate, creates its tables",
        }
