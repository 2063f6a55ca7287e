"""``leads export``: files are safe in spreadsheets and can be imported again without loss."""

import csv
import io
from pathlib import Path

import orjson
import pytest

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client, api_key
from tests.support.raw_database import RawDatabase

TOUCH = "utm_source,utm_medium,utm_campaign,utm_term,utm_content,gclid,referrer,landing_page"
LEAD_COLUMNS = f"first_name,last_name,email,phone,message,source,lost_reason,{TOUCH},state,created_at,answers"
COLUMNS = f"{LEAD_COLUMNS},id,duplicate_of,resume,attachments,owner"
STRANGE = [
    {"first_name": "=1+1", "last_name": "'=quoted", "message": '=HYPERLINK("http://x","y")'},
    {"first_name": "+cmd|' /C calc'!A0", "last_name": "''=twice", "message": "-1"},
    {"first_name": "@SUM(A1)", "last_name": "'plain", "message": 'two\nlines, a comma and "quotes"'},
    {"first_name": "-", "last_name": "Zoë李🦊", "message": "'\n=1", "phone": "+4930901820"},
    {"first_name": ";a,b", "last_name": "N/A", "message": "\u200b=1", "phone": "+49 (30) x 12345"},
]


@pytest.fixture
def strange(client: Client) -> None:
    """Leads that a spreadsheet could take for formulas, and a duplicate."""
    for number, fields in enumerate(STRANGE):
        assert client.post("/leads", fields | {"email": f"{number}=x@example.com"}).status == 201
    client.post("/leads", STRANGE[0] | {"email": "0=X@example.com"})


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_empty_export_has_a_header(leadtracker: CommandLine) -> None:
    exported = leadtracker.run("leads", "export")
    assert (exported.status, exported.out) == (0, f"\ufeff{COLUMNS}\n")
    assert exported.err == "Exported 0 leads.\n"


@pytest.mark.usefixtures("strange")
def test_cells_are_safe_from_formula_injection(leadtracker: CommandLine) -> None:
    rows = read(leadtracker.run("leads", "export").out)
    cells = [(name, cell) for row in rows for name, cell in row.items()]
    begins = {(name, cell) for name, cell in cells if cell.startswith(tuple("=+-@\t\r"))}
    assert begins == {("phone", "+4930901820")}


@pytest.mark.usefixtures("strange")
def test_export_has_oldest_leads_first(leadtracker: CommandLine, raw_db: RawDatabase) -> None:
    rows = read(leadtracker.run("leads", "export").out)
    assert len(rows) == len(STRANGE) + 1 == raw_db.count("leads")
    assert [row["created_at"] for row in rows] == sorted(row["created_at"] for row in rows)
    assert [row["duplicate_of"] for row in rows] == [""] * len(STRANGE) + [rows[0]["id"]]


@pytest.mark.usefixtures("strange")
def test_exported_leads_can_be_imported(
    leadtracker: CommandLine, raw_db: RawDatabase, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    exported = leadtracker.run("leads", "export", "--output", path)
    assert (exported.out, exported.err) == ("", f"Exported {len(STRANGE) + 1} leads.\n")
    columns = "first_name, last_name, email, phone, message, source, state, created_at"
    query = f"SELECT {columns} FROM leads WHERE duplicate_of IS NULL ORDER BY created_at"  # noqa: S608
    before = raw_db.execute(query)
    raw_db.execute("DELETE FROM leads WHERE duplicate_of IS NOT NULL")
    raw_db.execute("DELETE FROM leads")
    imported = leadtracker.run("leads", "import", path)
    assert imported.out == f"created={len(STRANGE)} duplicates=1 rejected=0\n"
    assert raw_db.execute(query) == before


@pytest.mark.usefixtures("strange")
def test_ndjson_lines_equal_api_leads(leadtracker: CommandLine, client: Client) -> None:
    exported = leadtracker.run("leads", "export", "--format", "ndjson")
    leads = [orjson.loads(line) for line in exported.out.splitlines()]
    secret = leadtracker.run("api-key", "add", "reader", "--role", "viewer").out.strip()
    shown = client.with_headers(api_key(secret)).get("/leads", duplicates="include").body
    assert leads == list(reversed(shown))


@on_sqlite
class TestManyLeads:
    def test_multiple_pages_export_each_lead_once(
        self, leadtracker: CommandLine, raw_db: RawDatabase
    ) -> None:
        for number in range(450):
            raw_db.add_lead(f"p{number}@example.com", f"2026-11-0{number % 3 + 1}T00:00:00.000000Z")
        rows = read(leadtracker.run("leads", "export").out)
        assert len({row["email"] for row in rows}) == len(rows) == 450

    def test_missing_folder_is_reported(self, leadtracker: CommandLine) -> None:
        rejected = leadtracker.run("leads", "export", "--output", "nowhere/leads.csv")
        assert (rejected.status, rejected.out) == (1, "")
        assert rejected.err == "Error: Could not open file 'nowhere/leads.csv': No such file or directory\n"

    def test_unknown_format_is_usage_error(self, leadtracker: CommandLine) -> None:
        assert leadtracker.run("leads", "export", "--format", "xlsx").status == 2


def test_personal_data_is_exported_and_audited(leadtracker: CommandLine, client: Client) -> None:
    lead_id = client.post("/leads", make_fields(message="Please call.")).body["id"]
    client.post("/leads", make_fields(message="Once more."))
    exported = leadtracker.run("leads", "personal-data", lead_id)
    assert exported.status == 0
    assert exported.json["lead"]["message"] == "Please call."
    assert [one["lead"]["message"] for one in exported.json["duplicates"]] == ["Once more."]
    assert [one["kind"] for one in exported.json["mails"]] == ["acknowledgement"]
    _, audited = leadtracker.run("audit", "list", "--json").json  # reading the log is the latest entry
    assert (audited["actor"], audited["action"], audited["subject"]) == (
        "operator",
        "person_exported",
        lead_id,
    )


def test_personal_data_of_an_unknown_lead_is_an_error(leadtracker: CommandLine) -> None:
    failed = leadtracker.run("leads", "personal-data", "unknown")
    assert (failed.status, failed.out) == (1, "")
