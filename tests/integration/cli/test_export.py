"""``leads export``: what goes out can be opened safely, and comes in again as it was."""

import csv
import io
from pathlib import Path

import orjson
import pytest

from tests.support.command_line import CommandLine
from tests.support.http import Client, api_key
from tests.support.kinds import on_sqlite
from tests.support.raw_database import BackDoor

COLUMNS = "first_name,last_name,email,phone,message,source,state,created_at,id,duplicate_of"
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
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_without_leads_there_is_a_header(leadtracker: CommandLine) -> None:
    exported = leadtracker.run("leads", "export")
    assert (exported.status, exported.out) == (0, f"{COLUMNS}\n")
    assert exported.err == "Exported 0 leads.\n"


@pytest.mark.usefixtures("strange")
def test_no_cell_begins_like_a_formula_but_phone_numbers(leadtracker: CommandLine) -> None:
    rows = read(leadtracker.run("leads", "export").out)
    cells = [(name, cell) for row in rows for name, cell in row.items()]
    begins = {(name, cell) for name, cell in cells if cell.startswith(tuple("=+-@\t\r"))}
    assert begins == {("phone", "+4930901820")}


@pytest.mark.usefixtures("strange")
def test_leads_come_out_oldest_first_with_their_duplicates(
    leadtracker: CommandLine, back_door: BackDoor
) -> None:
    rows = read(leadtracker.run("leads", "export").out)
    assert len(rows) == len(STRANGE) + 1 == back_door.count("leads")
    assert [row["created_at"] for row in rows] == sorted(row["created_at"] for row in rows)
    assert [row["duplicate_of"] for row in rows] == [""] * len(STRANGE) + [rows[0]["id"]]


@pytest.mark.usefixtures("strange")
def test_what_was_exported_is_imported_as_it_was(
    leadtracker: CommandLine, back_door: BackDoor, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    exported = leadtracker.run("leads", "export", "--output", path)
    assert (exported.out, exported.err) == ("", f"Exported {len(STRANGE) + 1} leads.\n")
    columns = "first_name, last_name, email, phone, message, source, state, created_at"
    query = f"SELECT {columns} FROM leads WHERE duplicate_of IS NULL ORDER BY created_at"  # noqa: S608
    before = back_door.execute(query)
    back_door.execute("DELETE FROM leads WHERE duplicate_of IS NOT NULL")
    back_door.execute("DELETE FROM leads")
    imported = leadtracker.run("leads", "import", path)
    assert imported.out == f"created={len(STRANGE)} duplicates=1 rejected=0\n"
    assert back_door.execute(query) == before


@pytest.mark.usefixtures("strange")
def test_each_line_of_ndjson_is_a_lead_as_http_shows_it(leadtracker: CommandLine, client: Client) -> None:
    exported = leadtracker.run("leads", "export", "--format", "ndjson")
    leads = [orjson.loads(line) for line in exported.out.splitlines()]
    secret = leadtracker.run("api-key", "add", "reader", "--role", "viewer").out.strip()
    shown = client.with_headers(api_key(secret)).get("/leads", duplicates="include").body
    assert leads == list(reversed(shown))


@on_sqlite
class TestManyLeads:
    def test_more_leads_than_one_page_come_out_once_each(
        self, leadtracker: CommandLine, back_door: BackDoor
    ) -> None:
        for number in range(450):
            back_door.add_lead(f"p{number}@example.com", f"2026-11-0{number % 3 + 1}T00:00:00.000000Z")
        rows = read(leadtracker.run("leads", "export").out)
        assert len({row["email"] for row in rows}) == len(rows) == 450

    def test_a_folder_that_is_not_there_is_told(self, leadtracker: CommandLine) -> None:
        rejected = leadtracker.run("leads", "export", "--output", "nowhere/leads.csv")
        assert (rejected.status, rejected.out) == (1, "")
        assert rejected.err == "Error: Could not open file 'nowhere/leads.csv': No such file or directory\n"

    def test_another_format_is_wrong_usage(self, leadtracker: CommandLine) -> None:
        assert leadtracker.run("leads", "export", "--format", "xlsx").status == 2
