"""Rows that are no CSV: the error says which lines they take."""

import io
from datetime import UTC

import pytest

from leadtracker.entrypoints.formats.lead_csv import LeadCsv

HEADER = b"name,email\n"
GOOD = b"Bob,bob@example.com\n"


@pytest.mark.parametrize(
    ("text", "lines", "code", "last"),
    [
        (b'Ann,"a"b@example.com\n' + GOOD, [2, 3], "unreadable-row", None),
        (b'Ann,"ann@example.com\n' + 3 * GOOD, [2], "unreadable-rows", 5),
        (GOOD + b'Ann,"ann@example.com\n\n"x' + GOOD + GOOD, [2, 3, 6], "unreadable-rows", 5),
        (b'Ann,"ann@example.com\n', [2], "unreadable-row", None),
    ],
)
def test_unreadable_record_names_its_last_line(
    text: bytes, lines: list[int], code: str, last: int | None
) -> None:
    with LeadCsv.open(io.BytesIO(HEADER + text), UTC) as leads_csv:
        rows = list(leads_csv.rows())
    [error] = [error for row in rows for error in row.errors]
    assert [row.line for row in rows] == lines
    assert (error.code, error.data.get("last")) == (code, last)
