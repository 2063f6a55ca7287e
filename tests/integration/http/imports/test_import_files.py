"""Imports of the files that spreadsheets write: encodings, dialects, workbooks, and updates."""

import csv
import io
from typing import Any

import pytest

from leadtracker.entrypoints.http.requests.csv_body import XLSX_TYPE
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import compound_file, make_zip, zip_bomb
from tests.support.examples.workbooks import make_workbook
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

pytestmark = on_sqlite

HEADER = "first_name;last_name;email;phone;created_at;message\r\n"
ROW = "Zoë;Müller;zoe@kunde.example;030 901820;13.11.2026 14:14;Größe?\r\n"


def bring_in(client: Client, data: bytes, content_type: str = "text/csv", **query: Any) -> Response:
    return client.request("POST", "/leads/import", data=data, content_type=content_type, query_string=query)


def only_lead(client: Client) -> dict[str, Any]:
    [lead] = client.get("/leads").body
    return dict(lead)


@pytest.mark.parametrize(
    ("encoding", "content_type", "name"),
    [
        ("utf-8", "text/csv", "UTF-8"),
        ("utf-8-sig", "text/csv; charset=iso-8859-1", "UTF-8"),
        ("utf-16", "text/csv", "UTF-16"),
        ("cp1252", "text/csv", "windows-1252"),
        ("cp1252", "text/csv; charset=ISO-8859-1", "windows-1252"),
        ("mac_roman", "text/csv", "Mac Roman"),
        ("iso-8859-15", "text/csv; charset=latin9", "iso8859-15"),
    ],
)
def test_encoding_is_recognised_and_named(admin: Client, encoding: str, content_type: str, name: str) -> None:
    done = bring_in(admin, (HEADER + ROW).encode(encoding), content_type)
    assert (done.status, done.body["created"], done.body["encoding"]) == (200, 1, name)
    lead = only_lead(admin)
    assert (lead["first_name"], lead["last_name"], lead["message"]) == ("Zoë", "Müller", "Größe?")
    assert lead["created_at"] == "2026-11-13T14:14:00.000000Z"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            HEADER.encode() + ROW.encode() * 3 + "Иван;;i@x.example;;;\r\n".encode("cp1251"),
            "neither UTF-8 nor",
        ),
        (HEADER.encode("utf-8-sig") + ROW.encode("cp1252"), "is not the text in UTF-8"),
        ((HEADER + ROW).encode("utf-16")[:-1], "is not the text in UTF-16"),
        (HEADER.encode() + bytes(range(256)), "control characters"),
        (compound_file("Workbook"), "no workbook of Excel 2007 or later"),
        (compound_file("EncryptedPackage"), "protected by a password"),
        (make_zip({"word/document.xml": b""}), "no Excel workbook"),
        (b"PK\x03\x04", "no Excel workbook"),
        (make_workbook(), "is empty"),
        (
            make_workbook(("email",), raw='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "unpacks to more",
        ),
    ],
)
def test_unreadable_file_is_rejected_whole(
    admin: Client, raw_db: RawDatabase, data: bytes, reason: str
) -> None:
    check_rejected(admin, raw_db, data, reason)


def test_zip_bomb_is_rejected_whole(admin: Client, raw_db: RawDatabase) -> None:
    check_rejected(admin, raw_db, zip_bomb(), "no Excel workbook")


def check_rejected(admin: Client, raw_db: RawDatabase, data: bytes, reason: str) -> None:
    rejected = bring_in(admin, data)
    assert (rejected.status, raw_db.count("leads")) == (422, 0)
    assert reason in rejected.body["detail"]


def test_visible_sheet_counts_and_cells_of_every_kind_become_text(admin: Client) -> None:
    cells = (
        '<row><c t="inlineStr"><is><t>Zoë</t></is></c><c><v>4.930901820E+9</v></c><c t="e"><v>#N/A</v></c>'
        '<c t="str"><f>A1</f><v>computed</v></c><c t="b"><v>1</v></c><c><v>0.25</v></c></row>'
    )
    header = ("name", "phone", "source", "message", "is client", "share")
    done = bring_in(admin, make_workbook(header, raw=cells, hidden=("email", "x")), XLSX_TYPE).body
    assert done["created"] == 1
    lead = only_lead(admin)
    assert (lead["first_name"], lead["phone"], lead["source"]) == ("Zoë", "4930901820", None)
    assert (lead["message"], lead["answers"]) == ("computed", {"is client": "True", "share": "0.25"})


@pytest.mark.parametrize("header", ["created", "Create Date", "date", "submitted_at", "Created Time"])
def test_column_of_any_name_for_the_time_is_read(admin: Client, header: str) -> None:
    bring_in(admin, f"name;mail;{header}\r\nZoë;zoe@kunde.example;13.11.2026 14:14\r\n".encode())
    assert only_lead(admin)["created_at"] == "2026-11-13T14:14:00.000000Z"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_need_no_mark_of_utf_16(admin: Client, encoding: str) -> None:
    assert bring_in(admin, (HEADER + ROW).encode(encoding)).body["created"] == 1
    assert only_lead(admin)["message"] == "Größe?"


def test_workbook_rows_become_leads(admin: Client) -> None:
    file = make_workbook(
        (),
        ("first_name", "last_name", "email", "phone", "created_at", "message", None),
        ("Zoë", "Müller", "zoe@kunde.example", 4930901820, 46339.593055555553, "Zeile\nzwei", None),
        (None, None, None, None, None, None, None),
        ("Bob", "Lee", "bob@kunde.example", None, 46339, None, None),
        ("Cleo", "Lee", "no address", None, None, None, None),
    )
    done = bring_in(admin, file, XLSX_TYPE).body
    assert (done["created"], [row["line"] for row in done["rejected"]]) == (2, [6])
    zoe, bob = admin.get("/leads").body
    assert (zoe["phone"], zoe["message"]) == ("4930901820", "Zeile\nzwei")
    assert zoe["created_at"] == "2026-11-13T14:14:00.000000Z"
    assert bob["created_at"] == "2026-11-13T00:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\n" + HEADER + ROW,
        "\r\n;;;;;\r\n" + HEADER + ";;;;;\r\n\r\n" + ROW + ";;;;;\r\n;;;;;;;\r\n",
        HEADER.replace("message", '"message"') + ROW,
        'first_name;last_name;email;"a, b, c, d, e, f";phone;created_at;message\r\n'
        + ROW.replace("example;", "example;x;"),
        (HEADER + ROW).replace(";", "\t"),
        (HEADER + ROW).replace(";", "|"),
        (HEADER + ROW).replace("\r\n", "\r"),
        HEADER + ROW.replace("030 901820", '="030 901820"').replace("Größe?\r\n", "Größe?;;;\r\n"),
        HEADER + ROW.replace("030 901820", "'030 901820"),
    ],
)
def test_dialects_of_spreadsheets_are_understood(admin: Client, text: str) -> None:
    done = bring_in(admin, text.encode()).body
    assert (done["created"], done["rejected"]) == (1, [])
    lead = only_lead(admin)
    assert (lead["phone"], lead["message"]) == ("030 901820", "Größe?")


def test_bad_optional_values_are_left_out_and_reported(admin: Client) -> None:
    row = "Ann;Lee;ann@kunde.example;n/a;31.2.2026;Hi\r\n"
    done = bring_in(admin, (HEADER + ROW + row).encode()).body
    assert (done["created"], done["rejected"]) == (2, [])
    assert [(one["line"], one["field"]) for one in done["left_out"]] == [(3, "created_at"), (3, "phone")]
    lead = admin.get("/leads", email="ann@kunde.example").body[0]
    assert (lead["phone"], lead["message"]) == (None, "Hi")
    assert lead["answers"] == {"created_at": "31.2.2026", "phone": "n/a"}


def test_time_later_than_tomorrow_is_rejected(admin: Client) -> None:
    rows = "".join(f"A;Lee;a{day}@kunde.example;;{day}.11.2026;\r\n" for day in (18, 19, 20))
    done = bring_in(admin, (HEADER + rows).encode()).body
    assert done["created"] == 2
    assert done["rejected"] == [
        {"line": 4, "field": "created_at", "message": "must not be later than tomorrow"}
    ]


def test_update_fills_in_and_changes_fields_of_known_leads(admin: Client, public: Client) -> None:
    lead = public.post("/leads", make_fields("zoe@kunde.example") | {"first_name": "Zo", "source": "ad"}).body
    data = (HEADER + ROW + "Bob;Lee;bob@kunde.example;;;\r\n").encode()
    assert bring_in(admin, data, dry_run="true", update="true").body["updated"] == 1
    assert admin.get(f"/leads/{lead['id']}").body == lead
    done = bring_in(admin, data, update="true").body
    assert (done["created"], done["updated"], done["duplicates"]) == (1, 1, [])
    changed = admin.get(f"/leads/{lead['id']}").body
    expected = {"first_name": "Zoë", "last_name": "Müller", "phone": "030 901820", "message": "Größe?"}
    assert changed == lead | expected | {"version": 2, "updated_at": changed["updated_at"]}
    assert admin.get(f"/leads/{lead['id']}/history").body[-1]["action"] == "edited"
    again = bring_in(admin, data, update="true").body
    assert ("updated" in again, len(again["duplicates"])) == (False, 2)


@pytest.mark.parametrize("text", ["=1+1", "hi;=1+1", "hi\n=1+1", "hi;'=1+1", "- a\r\n- b", "';-"])
@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_export_that_a_spreadsheet_has_saved_imports_again(
    admin: Client, public: Client, text: str, delimiter: str, encoding: str
) -> None:
    sent = public.post(
        "/leads", make_fields("zoe@kunde.example") | {"last_name": "Müller", "message": text}
    ).body
    exported = admin.get("/leads/export").body
    assert exported.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))
    assert not any(line.startswith("=") for cell in rows[1] for line in cell.replace(";", "\n").splitlines())
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=delimiter).writerows(rows)
    assert admin.delete(f"/leads/{sent['id']}").status == 204
    assert bring_in(admin, saved.getvalue().encode(encoding)).body["created"] == 1
    lead = only_lead(admin)
    assert {**lead, "id": sent["id"]} == sent
