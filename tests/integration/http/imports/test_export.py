"""``GET /leads/export``: every lead in one stream; a truncated export is recognisable."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.clock import at
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

HEADER = (
    b"\xef\xbb\xbf"
    b"first_name,last_name,email,phone,message,source,lost_reason,utm_source,utm_medium,utm_campaign,"
    b"utm_term,utm_content,gclid,referrer,landing_page,state,created_at,answers,id,"
    b"duplicate_of,resume,attachments,owner\r\n"
)
MORE_THAN_TWO_PAGES = 450


@pytest.fixture
def some_leads(public: Client) -> None:
    for number in range(3):
        public.post("/leads", make_fields(f"p{number}@example.com", first_name="=1+1", message="a\r\nb"))
    public.post("/leads", make_fields("p0@example.com"))


@pytest.fixture
def many_leads(raw_db: RawDatabase) -> None:
    for number in range(MORE_THAN_TWO_PAGES):
        raw_db.add_lead(f"p{number}@example.com", f"2026-11-0{number % 3 + 1}T00:00:00.000000Z")


@on_every_database
@pytest.mark.usefixtures("some_leads", "restored_logging")
def test_csv_equals_the_command_line(admin: Client, database_url: str, tmp_path: Path) -> None:
    leadtracker = CommandLine({"DATABASE_URL": database_url, "LOG_LEVEL": "warning"})
    for export_format in ("csv", "ndjson"):
        path = tmp_path / export_format
        leadtracker.run("leads", "export", "--format", export_format, "--output", path)
        exported = admin.get("/leads/export", format=export_format).body
        assert exported == path.read_bytes()
        assert exported.count(b"p0@example.com") == 2


@pytest.mark.usefixtures("some_leads")
def test_ndjson_lines_equal_listed_leads(admin: Client) -> None:
    exported = admin.get("/leads/export", format="ndjson")
    leads = [orjson.loads(line) for line in exported.body.splitlines()]
    assert leads == list(reversed(admin.get("/leads", duplicates="include").body))


def test_empty_export_is_header_or_nothing(admin: Client) -> None:
    assert admin.get("/leads/export").body == HEADER
    assert admin.get("/leads/export", format="ndjson").body == b""


@on_every_database
@pytest.mark.usefixtures("many_leads")
def test_multiple_pages_export_each_lead_once(admin: Client) -> None:
    lines = admin.get("/leads/export", format="ndjson").body.splitlines()
    assert len(set(lines)) == len(lines) == MORE_THAN_TWO_PAGES


@on_sqlite
class TestHeaders:
    @pytest.mark.parametrize(
        ("export_format", "content_type"),
        [("csv", "text/csv; charset=utf-8"), ("ndjson", "application/x-ndjson")],
    )
    def test_export_has_a_file_name(self, admin: Client, export_format: str, content_type: str) -> None:
        exported = admin.get("/leads/export", format=export_format)
        assert exported.headers["Content-Type"] == content_type
        expected = f'attachment; filename="leads-2026-11-18.{export_format}"'
        assert exported.headers["Content-Disposition"] == expected

    def test_file_date_is_in_business_zone(self, make_container: MakeContainer, clock: MemoryClock) -> None:
        clock.set(at("2026-11-20T15:00:00Z"))
        container = make_container(timezone="Asia/Tokyo")
        app = create_app(container)
        client = Accounts(container, app).client(Client.of(app), Role.ADMIN)
        exported = client.get("/leads/export")
        assert "leads-2026-11-21.csv" in exported.headers["Content-Disposition"]

    def test_csv_is_the_default(self, admin: Client) -> None:
        assert admin.get("/leads/export").content_type == "text/csv"
        assert admin.get("/leads/export", format="").content_type == "text/csv"

    @pytest.mark.parametrize(
        ("query", "field"),
        [({"format": "xlsx"}, "format"), ({"format": "CSV"}, "format"), ({"state": "LOST"}, "state")],
    )
    def test_a_bad_query_is_rejected(self, admin: Client, query: dict[str, str], field: str) -> None:
        rejected = admin.get("/leads/export", **query)
        assert rejected.status == 422
        assert fields_in(rejected) == [field]

    def test_missing_permission_is_named(self, agent: Client) -> None:
        rejected = agent.get("/leads/export")
        assert rejected.status == 403
        assert "lead:export" in rejected.body["detail"]


@on_sqlite
class TestBreakingOff:
    @pytest.fixture
    def pieces(self, app: Flask, accounts: Accounts, many_leads: None) -> Iterator[Iterator[bytes]]:  # noqa: ARG002 - must be there
        """The body of an export, piece by piece as it is asked for."""
        headers = dict(accounts.credentials(Role.ADMIN))
        with app.test_client().get("/leads/export", headers=headers) as response:
            assert response.status_code == 200
            yield response.iter_encoded()

    def test_early_storage_failure_sets_the_status(self, admin: Client, raw_db: RawDatabase) -> None:
        assert admin.get("/leads/export").status == 200
        raw_db.execute("ALTER TABLE leads RENAME TO gone")
        assert admin.get("/leads/export").status == 503
        assert admin.get("/leads/export", format="ndjson").status == 503

    def test_late_storage_failure_marks_end(self, pieces: Iterator[bytes], raw_db: RawDatabase) -> None:
        first = next(pieces)
        raw_db.execute("ALTER TABLE leads RENAME TO gone")
        *_, last = b"".join([first, *pieces]).splitlines()
        assert last == b'"The export broke off here. Please repeat it."'

    def test_truncated_export_is_not_importable(
        self, pieces: Iterator[bytes], raw_db: RawDatabase, admin: Client
    ) -> None:
        first = next(pieces)
        raw_db.execute("ALTER TABLE leads RENAME TO gone")
        file = b"".join([first, *pieces])
        raw_db.execute("ALTER TABLE gone RENAME TO leads")
        summary = admin.post("/leads/import", data=file, content_type="text/csv").body
        [rejected] = summary["rejected"]
        assert rejected["line"] == len(file.splitlines())

    def test_slow_reader_does_not_block_writers(
        self, pieces: Iterator[bytes], public: Client, container: Container
    ) -> None:
        next(pieces)
        assert not container.dialect().database.in_transaction()
        assert public.post("/leads", make_fields("new@example.com")).status == 201
        assert b"new@example.com" in b"".join(pieces)
