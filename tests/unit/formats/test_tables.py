"""Files as people save them: what is a table is read, and what is none is rejected for the right reason."""

import io

import pytest

from leadtracker.domain.errors import ImportRejected
from leadtracker.entrypoints.formats.tables.table import open_table
from tests.support.examples.workbooks import make_workbook


def read(file: bytes) -> tuple[tuple[str, ...], list[object]]:
    """The header of a file, and its records."""
    with open_table(io.BytesIO(file)) as table:
        return table.header, [cells for _, cells in table.records()]


@pytest.mark.parametrize("file", [b"", b"  \n\n", b"\xef\xbb\xbf\r\n", b";;;\n,\n", b"sep=;\r\n"])
def test_file_without_text_is_empty(file: bytes) -> None:
    with pytest.raises(ImportRejected) as failure:
        read(file)
    assert failure.value.reason == "empty"


@pytest.mark.parametrize(
    "file",
    [
        b"<html><table><tr><td>Name</td></tr></table></html>",
        b"\xef\xbb\xbf\r\n<!DOCTYPE html>",
        b"<!-- made by a web application --><table>",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        b'<TABLE border="1">',
    ],
)
def test_web_page_under_the_name_of_a_workbook_is_no_table(file: bytes) -> None:
    with pytest.raises(ImportRejected) as failure:
        read(file)
    assert failure.value.reason == "markup"


def test_header_in_angle_brackets_is_a_header() -> None:
    assert read(b"<Name>,<E-mail>\nAnn,ann@example.com\n")[0] == ("<Name>", "<E-mail>")


def test_blanks_behind_delimiters_belong_to_no_cell() -> None:
    header, records = read(b'"name", "e-mail"\n"Lee, Ann", "ann@example.com"\n')
    assert header == ("name", "e-mail")
    assert records == [["Lee, Ann", "ann@example.com"]]


TITLE = ("Contacts of the fair 2026", None)
HEADER, ANN, BOB = ("Name", "E-mail"), ("Ann", "ann@example.com"), ("Bob", "bob@example.com")


@pytest.mark.parametrize(
    "file",
    [
        b"Contacts of the fair 2026\n\nName;E-mail\nAnn;ann@example.com\n",
        b"Contacts of the fair 2026,,\r\nAll rights reserved,,\r\nName,E-mail\r\nAnn,ann@example.com\r\n",
        b'The "fair, 2026\nName,E-mail\nAnn,ann@example.com\n',
        "Kontakte|der Messe\nName\tE-mail\nAnn\tann@example.com\n".encode("utf-16"),
        make_workbook(TITLE, (None, None), HEADER, ANN),
    ],
)
def test_header_is_found_below_a_title(file: bytes) -> None:
    assert read(file) == (HEADER, [list(ANN)])


@pytest.mark.parametrize("above", [b"", b"\n\n", b"sep=|\n"])
def test_first_header_counts(above: bytes) -> None:
    file = above + b"Name|E-mail\nfirst name|phone\n"
    assert read(file) == (HEADER, [["first name", "phone"]])


def test_header_without_known_names_is_the_first_row() -> None:
    rows = [["Wer", "Wo"], *([f"Ann{number}", "x"] for number in range(10)), ["Name", "E-mail"]]
    text = "\n".join(map(",".join, rows))
    assert read(text.encode()) == (("Wer", "Wo"), rows[1:])
    assert read(make_workbook(*map(tuple, rows))) == (("Wer", "Wo"), rows[1:])


def test_header_below_a_title_keeps_the_numbers_of_lines() -> None:
    for file in (b"Contacts\n\nName,E-mail\nAnn,a@b.de\n", make_workbook(TITLE, (None,), HEADER, ANN)):
        with open_table(io.BytesIO(file)) as table:
            assert [line for line, _ in table.records()] == [4]


def sheet_of(file: bytes) -> tuple[str, list[object]]:
    """The name of the sheet that is read, and its records."""
    with open_table(io.BytesIO(file)) as table:
        return table.dialect.sheet, [cells for _, cells in table.records()]


def test_sheet_with_a_header_comes_before_others() -> None:
    notes = (("Read me",), ("The contacts are on the other sheet.",))
    assert sheet_of(make_workbook(HEADER, ANN, others=(notes,))) == ("Leads", [list(ANN)])
    assert sheet_of(make_workbook(*notes, others=((HEADER, ANN), (HEADER, BOB)))) == ("Sheet3", [list(ANN)])
    assert sheet_of(make_workbook(*notes, others=((("x", "y"),),))) == (
        "Leads",
        [["The contacts are on the other sheet."]],
    )


def test_only_sheet_is_not_named() -> None:
    assert sheet_of(make_workbook(HEADER, ANN, hidden=HEADER)) == ("", [list(ANN)])


def test_sheet_of_several_is_described() -> None:
    with open_table(io.BytesIO(make_workbook(HEADER, ANN, others=((BOB,),)))) as table:
        assert table.dialect.description == "Excel, sheet “Leads”"
