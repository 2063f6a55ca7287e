"""The rows of a file are counted while they are read, in the way in which they are read."""

import io
from datetime import UTC
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from leadtracker.entrypoints.formats.lead_csv import LeadCsv
from tests.support.examples.workbooks import make_workbook

HEADER = "name,email,note\n"
# The encodings have more bytes than one for some of these, and a mark of the order of bytes at the beginning.
CELLS = st.text("aé北\",;\t\n\r '=", max_size=8)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
BROKEN = 'Ann,ann@example.com,"\n\n;;\nBob,b@example.com,"a"b\n,,\nEve,e@example.com,1,2,3'


def rows_around_a_count(file: bytes, read_before: int) -> tuple[list[ImportRow], int]:
    """The rows of a file, and their number as it was counted when some of them were read."""
    with LeadCsv.open(io.BytesIO(file), UTC) as leads_csv:
        rows = leads_csv.rows()
        before = list(islice(rows, read_before))
        number = leads_csv.count()
        return before + list(rows), number


def rows_of(file: bytes) -> list[ImportRow]:
    """The rows of a file that is only read."""
    with LeadCsv.open(io.BytesIO(file), UTC) as leads_csv:
        return list(leads_csv.rows())


def check_count(file: bytes, read_before: int) -> None:
    """Compare rows and their number with the rows of a file that is only read."""
    expected = rows_of(file)
    assert rows_around_a_count(file, read_before) == (expected, len(expected))


@given(st.lists(CELLS, max_size=9).map("\n".join), st.sampled_from(ENCODINGS), st.integers(0, 9))
@example(BROKEN, "utf-8", 2)
@example(BROKEN.replace("\n", "\r"), "utf-16", 1)
@example("a,b,é\n" * 3_000, "utf-16", 1_500)  # the position lies within a later piece of the file
def test_csv_rows_are_counted_as_they_are_read(text: str, encoding: str, read_before: int) -> None:
    check_count((HEADER + text).encode(encoding), read_before)


@pytest.mark.parametrize("read_before", [0, 1, 2])
def test_workbook_rows_are_counted_as_they_are_read(read_before: int) -> None:
    ann, bob = ("Ann", "ann@example.com"), ("Bob", "bob@example.com")
    check_count(make_workbook(("name", "email"), ann, (None, None), bob), read_before)
