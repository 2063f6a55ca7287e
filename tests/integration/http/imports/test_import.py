"""``POST /leads/import``: imports over HTTP report the same summary as the command line."""

from pathlib import Path

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.raw_database import RawDatabase

HEADER = "first_name,last_name,email"
SAMPLE = """\
first_name,last_name,email,phone,message,source,state,created_at
Ann,Lee,ann@example.com,+49 30 901820,Hello,ad,CONVERTED,2026-10-14T07:58:40.060816Z
Bob,Ray,bob@example.com,,,,,
Eve,Day,ANN@example.com,,,,,
,,not an address,1,,,OPEN,yesterday
Dan,Ode,dan@example.com,,"two
lines",,,
Fay,Orr,bob@EXAMPLE.com,,,,,
"""


def send(
    client: Client, content: str | bytes, content_type: str | None = "text/csv", **query: str
) -> Response:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/leads/import", data=data, content_type=content_type, query_string=query)


def test_valid_rows_are_imported(admin: Client, raw_db: RawDatabase) -> None:
    summary = send(admin, SAMPLE)
    assert summary.status == 200
    [rejected] = summary.body.pop("rejected")
    assert summary.body.pop("import_id")
    assert summary.body == {
        "created": 3,
        "encoding": "UTF-8",
        "duplicates": [
            {"line": 4, "email": "ANN@example.com"},
            {"line": 8, "email": "bob@EXAMPLE.com"},
        ],
    }
    assert (rejected["line"], rejected["field"]) == (5, "first_name")
    assert raw_db.execute("SELECT email, state FROM leads ORDER BY email") == [
        ("ann@example.com", "CONVERTED"),
        ("bob@example.com", "PENDING"),
        ("dan@example.com", "PENDING"),
    ]


@on_every_database
def test_dry_run_reports_and_stores_nothing(admin: Client, raw_db: RawDatabase) -> None:
    rehearsed = send(admin, SAMPLE, dry_run="true")
    assert raw_db.count("leads") == 0
    done = send(admin, SAMPLE, dry_run="false").body
    assert done == rehearsed.body | {"import_id": done["import_id"]}
    assert raw_db.count("leads") == 3


@on_every_database
@pytest.mark.usefixtures("restored_logging")
def test_summary_equals_command_line(
    admin: Client, raw_db: RawDatabase, database_url: str, tmp_path: Path
) -> None:
    content = f"shoe size,{SAMPLE}"
    path = tmp_path / "people.csv"
    path.write_text(content)
    leadtracker = CommandLine({"DATABASE_URL": database_url, "LOG_LEVEL": "warning"})
    command = ("leads", "import", "--dry-run", "--ignore-others", "--json")
    summary = leadtracker.run(*command, path).json
    assert summary == send(admin, content, ignore_others="true", dry_run="true").body
    assert summary["ignored_columns"] == ["shoe size"]
    assert raw_db.count("leads") == summary["created"]


@on_sqlite
class TestTypes:
    @pytest.mark.parametrize(
        "content_type", ["text/csv", "text/csv; charset=utf-8", "TEXT/CSV; charset=UTF-8; header=present"]
    )
    def test_utf_8_csv_is_accepted(self, admin: Client, content_type: str) -> None:
        assert send(admin, f"{HEADER}\nZoë,李,z@example.com", content_type).body["created"] == 1

    @pytest.mark.parametrize(
        "content_type",
        [None, "", "text/plain", "application/json", "application/csv", "text/csv; charset=klingon"],
    )
    def test_anything_else_is_rejected(
        self, admin: Client, raw_db: RawDatabase, content_type: str | None
    ) -> None:
        rejected = send(admin, f"{HEADER}\nAnn,Lee,a@example.com\n", content_type)
        assert rejected.status == 415
        assert raw_db.count("leads") == 0


@on_sqlite
class TestFiles:
    @pytest.mark.parametrize(
        ("content", "expected_error"),
        [
            (b"", "the file is empty"),
            (b"first_name,source\nAnn,ad\n", "lacks a column email or phone"),
            (f"{HEADER},email\n".encode(), "twice"),
            (f'"first_name,{HEADER}\n'.encode(), "cannot be read as CSV"),
            (HEADER.encode("utf-16")[:-1], "is not the text in UTF-16"),
        ],
    )
    def test_without_a_good_header_the_file_is_rejected(
        self, admin: Client, content: bytes, expected_error: str
    ) -> None:
        rejected = send(admin, content)
        assert rejected.status == 422
        assert rejected.body["type"] == "urn:leadtracker:problem:import-rejected"
        assert expected_error in rejected.body["detail"]

    def test_other_columns_have_the_encoding_of_the_file(self, admin: Client) -> None:
        summary = send(admin, f"straße,{HEADER}\nweiß,Ann,Lee,a@example.com\n".encode("latin-1"))
        assert summary.body["created"] == 1
        assert admin.get("/leads").body[0]["answers"] == {"straße": "weiß"}


@on_sqlite
class TestErrors:
    @pytest.mark.parametrize(
        ("query", "field"), [({"dry_run": "maybe"}, "dry_run"), ({"rehearse": "true"}, "rehearse")]
    )
    def test_a_bad_query_is_rejected(
        self, admin: Client, raw_db: RawDatabase, query: dict[str, str], field: str
    ) -> None:
        rejected = send(admin, SAMPLE, **query)
        assert rejected.status == 422
        assert fields_in(rejected) == [field]
        assert raw_db.count("leads") == 0

    @pytest.mark.parametrize(
        ("content", "content_type"), [(SAMPLE, "text/csv"), (b"", "text/csv"), (b"", "text/plain")]
    )
    def test_permission_is_checked_before_the_body(
        self, agent: Client, content: str | bytes, content_type: str
    ) -> None:
        rejected = send(agent, content, content_type)
        assert rejected.status == 403
        assert "lead:import" in rejected.body["detail"]


@pytest.mark.parametrize(
    ("query", "deliveries"), [({}, 0), ({"notify": "false"}, 0), ({"notify": "true"}, 1)]
)
def test_mails_are_sent_only_on_request(
    admin: Client, raw_db: RawDatabase, query: dict[str, str], deliveries: int
) -> None:
    assert send(admin, "first_name,last_name,email\nAnn,Lee,ann@example.com\n", **query).status == 200
    assert raw_db.count("deliveries") == deliveries


@on_every_database
def test_leads_of_a_file_have_the_order_of_its_rows(admin: Client) -> None:
    addresses = [f"person{number}@example.com" for number in range(40)]
    send(admin, "\n".join([HEADER, *(f"Ann,Lee,{address}" for address in addresses)]))
    listed = [lead["email"] for lead in admin.get("/leads", limit=50).body]
    assert listed == addresses[::-1]
