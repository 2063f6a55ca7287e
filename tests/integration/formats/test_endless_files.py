"""CSV files without measure: what is wrong with them costs their rows, never the memory."""

import io
import tracemalloc
from datetime import UTC
from itertools import chain, repeat

import pytest

from leadtracker.domain.errors import ImportRejected
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from leadtracker.entrypoints.formats.lead_csv import LeadCsv
from tests.support.clients.chunk_stream import ChunkStream

MEGABYTE = 1_000_000
HEADER = b"first_name,last_name,email,message\n"
LAST = b"Dan,Lee,dan@example.com,\n"


def rows_of(head: bytes, repeated: bytes, times: int, tail: bytes = b"") -> list[ImportRow]:
    """The rows of a file with a head, very many repetitions of something, and a tail."""
    file = io.BufferedReader(ChunkStream(chain([head], repeat(repeated, times), [tail])))
    with LeadCsv.open(file, UTC) as leads_csv:
        return list(leads_csv.rows())


ENDLESS = {
    "one cell": (b"", b"x" * 8000, b"\n"),
    "cells": (b"", b"x," * 4000, b"\n"),
    "a quoted cell": (b'"', b"x" * 8000, b'"\n'),
    "an ignored cell": (b"Ann,Lee,a@example.com,,", b"x" * 8000, b"\n"),
}


@pytest.mark.parametrize(("begin", "repeated", "end"), ENDLESS.values(), ids=ENDLESS.keys())
def test_endless_line_rejects_only_its_row(begin: bytes, repeated: bytes, end: bytes) -> None:
    tracemalloc.start()
    bad, good = rows_of(HEADER + begin, repeated, 5_000, end + LAST)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 * MEGABYTE
    assert (bad.line, bad.errors[0].field, bad.fields) == (2, "row", {})
    assert "has more than 1000000 characters" in bad.errors[0].message
    assert (good.line, good.fields["email"], good.errors) == (3, "dan@example.com", ())


def test_endless_record_is_cut_at_limit() -> None:
    rows = rows_of(HEADER + b'"', b'\n",' + b"x," * 3_000 + b'"', 500)
    assert rows[0].line == 2
    assert "has more than 1000000 characters" in rows[0].errors[0].message
    assert rows[1].line == 3 + 167  # behind the line with which it became too long


def test_line_numbers_continue_after_a_long_line() -> None:
    long_line = b"x" * 8000
    rows = rows_of(HEADER + b'"a\nb\n', long_line, 130, b'"\n,,,\n' + LAST)
    assert [row.line for row in rows] == [2, 6]  # a row of empty cells is none


def test_header_without_end_is_rejected() -> None:
    with pytest.raises(ImportRejected, match="header cannot be read as CSV: it has more than"):
        rows_of(HEADER[:11], b"x" * 8_000, 200)


@pytest.mark.parametrize("column", ["first_name", "message"])
def test_oversized_cell_is_named_and_dropped(column: str) -> None:
    position = HEADER.decode().strip().split(",").index(column)
    head = HEADER + b"," * position + b"x" * 10
    rows = rows_of(head, b"x" * 8000, 5, b"," * (3 - position) + b"\n" + LAST)
    assert [row.line for row in rows] == [2, 3]
    assert [(error.field, error.message) for error in rows[0].errors] == [(column, "is far too long")]
    assert rows[0].fields == {}
    assert rows[1].errors == ()
