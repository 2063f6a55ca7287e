"""Files as people save them: what is a table is read, and what is none is rejected for the right reason."""

import io

import pytest

from leadtracker.domain.errors import ImportRejected
from leadtracker.entrypoints.formats.tables.table import open_table


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
