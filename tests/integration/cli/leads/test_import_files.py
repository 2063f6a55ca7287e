"""``leads import``: variants of CSV files from spreadsheets and editors."""

from pathlib import Path

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Finished

pytestmark = on_sqlite
HEADER = "first_name,last_name,email"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def imported(leadtracker: CommandLine, path: Path, content: str | bytes) -> Finished:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return leadtracker.run("leads", "import", path)


GOOD = {
    "columns in any order": "email,last_name,first_name\na@example.com,Lee,Ann\n",
    "spaces around names of columns": " first_name , last_name,email \nAnn,Lee,a@example.com\n",
    "a byte order mark": f"\ufeff{HEADER}\nAnn,Lee,a@example.com\n",
    "a byte order mark and quotes": '\ufeff"first_name","last_name","email"\n"Ann","Lee","a@example.com"\n',
    "semicolons": "first_name;last_name;email\nAnn;Lee;a@example.com\n",
    "tabs": "first_name\tlast_name\temail\nAnn\tLee\ta@example.com\n",
    "line ends of Windows": f"{HEADER}\r\nAnn,Lee,a@example.com\r\n",
    "no line end at the end": f"{HEADER}\nAnn,Lee,a@example.com",
    "a blank first line": f"\n{HEADER}\nAnn,Lee,a@example.com\n",
    "blank lines": f"{HEADER}\n\nAnn,Lee,a@example.com\n\n\n",
    "fewer cells than columns": f"{HEADER},phone,source\nAnn,Lee,a@example.com\n",
    "columns without a name": f"{HEADER},,\nAnn,Lee,a@example.com,,\n",
    "letters of all kinds": f"{HEADER}\nZoë,李,zoë@müller.example\n",
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_file_variants_are_accepted(leadtracker: CommandLine, path: Path, content: str) -> None:
    ended = imported(leadtracker, path, content)
    assert (ended.status, ended.out) == (0, "created=1 duplicates=0 rejected=0\n")
    assert ended.err.startswith("1 new lead stored.\nTo undo this import: ")
    assert ended.err.count("\n") == 2  # and no warning


WITH_OTHERS = f"shoe size,{HEADER},id\n44,Ann,Lee,a@example.com,mine\n"


@pytest.mark.parametrize("header", ["created", "Create Date", "date", "submitted_at", "Created Time"])
def test_column_of_any_name_for_the_time_is_read(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase, header: str
) -> None:
    leadtracker = leadtracker.with_settings(TIMEZONE="UTC")
    imported(leadtracker, path, f"name,mail,{header}\nAnn Lee,a@example.com,13.11.2026 14:14\n")
    assert raw_db.execute("SELECT created_at FROM leads") == [("2026-11-13T14:14:00.000000Z",)]


def test_other_columns_become_answers(leadtracker: CommandLine, path: Path, raw_db: RawDatabase) -> None:
    ended = imported(leadtracker, path, WITH_OTHERS)
    assert ended.out == "created=1 duplicates=0 rejected=0\n"
    assert "Warning" not in ended.err
    assert raw_db.execute("SELECT answers FROM leads") == [('{"shoe size":"44"}',)]
    assert raw_db.execute("SELECT count(*) FROM leads WHERE id = 'mine'") == [(0,)]


def test_other_columns_can_be_left_out_by_name(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase
) -> None:
    path.write_text(WITH_OTHERS)
    ended = leadtracker.run("leads", "import", "--ignore-others", path)
    assert ended.err.splitlines()[:2] == [
        "Warning: the column shoe size is ignored.",
        "Warning: the column id is ignored.",
    ]
    assert raw_db.execute("SELECT answers FROM leads") == [(None,)]


def test_columns_left_out_are_named_in_json(leadtracker: CommandLine, path: Path) -> None:
    path.write_text(WITH_OTHERS)
    result = leadtracker.run("leads", "import", "--ignore-others", "--json", path).json
    assert result["ignored_columns"] == ["shoe size", "id"]


BAD = {
    "an empty file": ("", "the file is empty"),
    "a missing column": ("first_name,source\nAnn,ad\n", "lacks a column email or phone"),
    "no known column": (
        "city\nBerlin\n",
        "lacks a column first_name, last_name or name and a column email or phone",
    ),
    "a column given twice": (f"{HEADER},email\n", "twice"),
    "a broken header": (f'"first_name,{HEADER}\n', "cannot be read as CSV"),
    "no text": (bytes(range(256)), "control characters"),
    "UTF-16 that ends within a character": (HEADER.encode("utf-16")[:-1], "is not the text in UTF-16"),
}


@pytest.mark.parametrize(("content", "expected_error"), BAD.values(), ids=BAD.keys())
def test_invalid_files_are_rejected(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase, content: str | bytes, expected_error: str
) -> None:
    ended = imported(leadtracker, path, content)
    assert (ended.status, ended.out) == (1, "")
    [line] = ended.err.splitlines()
    assert line.startswith("Error: ")
    assert expected_error in line
    assert raw_db.count("leads") == 0
    assert list(Path.cwd().glob("*.rejected.csv")) == []


def test_header_only_file_has_no_rows(leadtracker: CommandLine, path: Path) -> None:
    ended = imported(leadtracker, path, HEADER)
    assert (ended.status, ended.out) == (0, "created=0 duplicates=0 rejected=0\n")


@pytest.mark.parametrize("missing", ["nowhere.csv", "."])
def test_unreadable_file_is_usage_error(leadtracker: CommandLine, missing: str) -> None:
    assert leadtracker.run("leads", "import", missing).status == 2


def rejected_lines(leadtracker: CommandLine, path: Path, content: str | bytes) -> list[tuple[int, str]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = leadtracker.run("leads", "import", "--json", path).json
    assert result["created"] == 2
    return [(row["line"], row["field"]) for row in result["rejected"]]


def test_line_numbers_match_an_editor(leadtracker: CommandLine, path: Path) -> None:
    content = (
        f"{HEADER},message\n"  # line 1
        'Ann,Lee,a@example.com,"one\ntwo\r\nthree"\n'  # lines 2 to 4
        "\n"  # line 5
        ",,b@example.com,\n"  # line 6
        '"","\n",c@example.com,"x\ny"\n'  # lines 7 to 9
        "Dan,Lee,d@example.com,\n"  # line 10
        ",,,x\n"  # line 11
    )
    fields = rejected_lines(leadtracker, path, content)
    assert fields == [(6, "first_name"), (7, "first_name"), (11, "first_name")]


def test_broken_quote_rejects_only_its_row(leadtracker: CommandLine, path: Path) -> None:
    content = f'{HEADER}\nAnn,Lee,a@example.com\n"Bob"by,Lee,b@example.com\nDan,Lee,d@example.com\n'
    assert rejected_lines(leadtracker, path, content) == [(3, "row")]


def test_unclosed_quote_rejects_rest(leadtracker: CommandLine, path: Path) -> None:
    content = (
        f"{HEADER}\n"
        "Ann,Lee,a@example.com\n"
        "Bob,Lee,b@example.com\n"
        '"Dan,Lee,d@example.com\n'
        "Eve,Lee,e@example.com\n"
    )
    assert rejected_lines(leadtracker, path, content) == [(4, "row")]


def test_too_many_cells_reject_the_row(leadtracker: CommandLine, path: Path) -> None:
    content = f"{HEADER}\nAnn,Lee,a@example.com\nBob,Lee,b@example.com,more\nDan,Lee,d@example.com\n"
    assert rejected_lines(leadtracker, path, content) == [(3, "row")]


def test_rejected_rows_are_in_the_dialect_of_the_file(leadtracker: CommandLine, path: Path) -> None:
    content = (
        "first_name;last_name;email;shoe size\n;Müller;;44\nZoë;Lee;z@example.com;\nD;L;d@example.com;1\n"
    )
    assert len(rejected_lines(leadtracker, path, content.encode("cp1252"))) == 1
    written = Path("people.rejected.csv").read_bytes().decode("cp1252").splitlines()
    assert written[0] == "first_name;last_name;email;shoe size;line;problem"
    assert written[1].startswith(";Müller;;44;2;")


def test_report_in_corrected_rows_is_no_answer(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase
) -> None:
    path.write_text(f"{HEADER},hat\nAnn,Lee,ann,42\n")
    assert leadtracker.run("leads", "import", path).out.endswith("created=0 duplicates=0 rejected=1\n")
    rejected = Path("people.rejected.csv")
    assert ",problem\n" in rejected.read_text()
    rejected.write_text(rejected.read_text().replace(",ann,", ",ann@example.com,"))
    assert leadtracker.run("leads", "import", rejected).out.endswith("created=1 duplicates=0 rejected=0\n")
    assert raw_db.execute("SELECT answers FROM leads") == [('{"hat":"42"}',)]


def test_nul_and_giant_cell_reject_rows(leadtracker: CommandLine, path: Path) -> None:
    content = (
        f"{HEADER}\nAnn,Lee,a@example.com\nB\x00b,Lee,b@example.com\n"
        f"{'x' * 1_000_001},Lee,c@example.com\nDan,Lee,d@example.com\n"
    )
    assert [line for line, _ in rejected_lines(leadtracker, path, content)] == [3, 4]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2026-10-14T07:58:40.060816Z", "2026-10-14T07:58:40.060816Z"),
        ("2026-10-14T09:58:40+02:00", "2026-10-14T07:58:40.000000Z"),
        ("2026-10-14 07:58Z", "2026-10-14T07:58:00.000000Z"),
    ],
)
def test_creation_time_of_lead_is_kept(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase, written: str, stored: str
) -> None:
    imported(leadtracker, path, f"{HEADER},created_at\nAnn,Lee,a@example.com,{written}\n")
    assert raw_db.execute("SELECT created_at, updated_at FROM leads") == [(stored, stored)]


@pytest.mark.parametrize("created_at", ["2026-10-14", "2026-10-14 00:00:00", "14.10.2026"])
def test_time_without_offset_is_local(
    leadtracker: CommandLine, path: Path, raw_db: RawDatabase, created_at: str
) -> None:
    in_tokyo = leadtracker.with_settings(TIMEZONE="Asia/Tokyo")
    imported(in_tokyo, path, f"{HEADER},created_at\nAnn,Lee,a@example.com,{created_at}\n")
    assert raw_db.execute("SELECT created_at FROM leads") == [("2026-10-13T15:00:00.000000Z",)]


def test_unreadable_time_is_left_out_and_reported(leadtracker: CommandLine, path: Path) -> None:
    ended = imported(leadtracker, path, f"{HEADER},created_at\nAnn,Lee,a@example.com,1760428720\n")
    assert ended.out == "created=1 duplicates=0 rejected=0\n"
    assert "line 2: “created_at” must be a date or a time" in ended.err
    assert "the lead was kept without it" in ended.err


def test_import_spans_several_transactions(leadtracker: CommandLine, path: Path, raw_db: RawDatabase) -> None:
    rows = [f"Ann,Lee,p{number}@example.com" for number in range(1_100)]
    ended = imported(leadtracker, path, "\n".join([HEADER, *rows, rows[0]]))
    assert ended.out == "created=1100 duplicates=1 rejected=0\n"
    assert raw_db.count("leads") == 1_100
