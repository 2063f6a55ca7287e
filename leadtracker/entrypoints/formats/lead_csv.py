"""Leads as CSV (RFC 4180).

A spreadsheet would execute a cell that begins like a formula, so it is written with a leading apostrophe,
which reading removes. Phone numbers also begin with a plus, but stay unchanged.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import chain
from typing import IO, BinaryIO, TextIO

from attrs import field, frozen

from leadtracker.domain.errors import FieldError, ImportRejected
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.use_cases.leads.import_leads import ImportRow, RowResult

KNOWN_COLUMNS = (*FIELDS_BY_NAME, "state", "created_at")
EXPORT_COLUMNS = (*KNOWN_COLUMNS, "id", "duplicate_of", "resume", "attachments")
"""The import ignores the last four: they describe what only the database has."""
REQUIRED_COLUMNS = (("first_name", "last_name"), ("email", "phone"))
"""A file needs one column of each group."""

_DELIMITERS = (",", ";", "\t")
_MAX_RECORD_CHARACTERS = 1_000_000  # bounds the memory for a file without line breaks
_MAX_LEAD_CHARACTERS = 32_767  # the limit of a spreadsheet's cell; the use case keeps many rows in memory
_FORMULA = re.compile(
    r"'*[=+\-@\t\r]"
)  # with the apostrophes of earlier guards, so that reading removes exactly one
_PHONE = re.compile(r"\+\d[\d ]{3,20}", re.ASCII)


def text_of(file: BinaryIO) -> TextIO:
    """Return the text of a CSV file with its line breaks unchanged.

    Bytes that are not UTF-8 become lone surrogates, which no field accepts, so only their rows are rejected.
    """
    return TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="")


@frozen
class LeadCsv:
    """An opened CSV file of leads.

    Attributes:
        columns: the header of the file.
        ignored: the names of unknown columns.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    _records: "_Records" = field(repr=False)

    @classmethod
    def open(cls, text: TextIO) -> "LeadCsv":
        """Read the header of a file; its records are read one at a time.

        Args:
            text: the text of the file, as ``text_of`` returns it.

        Raises:
            ImportRejected: the file is empty, is no CSV, or lacks a required column.
        """
        records = _Records(text)
        columns = tuple(cell.strip() for cell in records.header)
        known = [column for column in columns if column in KNOWN_COLUMNS]
        missing = [" or ".join(group) for group in REQUIRED_COLUMNS if not set(group).intersection(known)]
        if missing:
            message = f"the header lacks the column {', and '.join(missing)}"
            raise ImportRejected(message)
        if len(set(known)) < len(known):
            message = "the header names a column twice"
            raise ImportRejected(message)
        ignored = tuple(_readable(column) for column in columns if column and column not in KNOWN_COLUMNS)
        return cls(columns, ignored, records)

    def rows(self) -> Iterator[ImportRow]:
        """Yield the records after the header; an unreadable one has an error and does not stop the others."""
        for line, cells in self._records:
            if isinstance(cells, csv.Error):
                yield ImportRow(line, {}, (_unreadable(cells),))
            elif cells:
                yield self._row(line, cells)

    def _row(self, line: int, cells: Sequence[str]) -> ImportRow:
        fields = self._named(cells)
        if sum(map(len, fields.values())) > _MAX_LEAD_CHARACTERS:
            longest = max(fields, key=lambda column: len(fields[column]))
            return ImportRow(line, {}, (FieldError(longest, "is far too long"),))
        if len(cells) > len(self.columns):
            error = FieldError("row", f"has {len(cells)} cells, the header has {len(self.columns)}")
            return ImportRow(line, fields, (error,))
        return ImportRow(line, fields)

    def _named(self, cells: Sequence[str]) -> dict[str, str]:
        named = zip(self.columns, map(_without_guard, cells), strict=False)
        return {column: cell for column, cell in named if column in KNOWN_COLUMNS}


class _Records:
    """The records of a CSV file, each with the physical line on which it starts."""

    def __init__(self, text: TextIO) -> None:
        csv.field_size_limit(_MAX_RECORD_CHARACTERS)
        self._lines = _Lines(text)
        try:
            first = next(self._lines, "").removeprefix("\ufeff")
            delimiter = max(_DELIMITERS, key=first.count)
            self._reader = csv.reader(chain([first], self._lines), delimiter=delimiter, strict=True)
            self.header = next(self._reader, [])
        except csv.Error as error:
            message = f"the header {_unreadable(error).message}"
            raise ImportRejected(message) from None

    def __iter__(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        while True:
            line = self._lines.begin_record()
            try:
                yield line, next(self._reader)
            except csv.Error as error:
                yield line, error
            except StopIteration:
                return


class _Lines:
    """Counts the physical lines of a text and bounds the length of each record.

    The CSV reader continues after an error, so this is no generator, which an error would end.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._left = _MAX_RECORD_CHARACTERS

    def begin_record(self) -> int:
        """Return the number of the next line and reset the length."""
        self._left = _MAX_RECORD_CHARACTERS
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        if self._left < 0:
            self._skip_rest_of(line)
            message = f"it has more than {_MAX_RECORD_CHARACTERS} characters"
            raise csv.Error(message)
        return line

    def _skip_rest_of(self, line: str) -> None:
        while line and not line.endswith(("\r", "\n")):
            line = self._text.readline(_MAX_RECORD_CHARACTERS)


def _readable(text: str) -> str:
    """Return a text of the file with replacement characters for bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unreadable(error: csv.Error) -> FieldError:
    return FieldError("row", f"cannot be read as CSV: {error}")


class RejectedRowsWriter:
    """Writes rejected rows as CSV with the reason of each, to be corrected and imported again."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow((*KNOWN_COLUMNS, "line", "problem"))

    def write(self, result: RowResult) -> None:
        """Write one rejected row."""
        cells = [str(result.row.fields.get(column, "")) for column in KNOWN_COLUMNS]
        problem = "; ".join(f"{error.field} {error.message}" for error in result.errors)
        self._writer.writerow(map(_guarded, (*cells, str(result.row.line), problem)))


def export_row(payload: LeadPayload) -> tuple[str, ...]:
    """Return the cells of a lead for ``EXPORT_COLUMNS``."""
    resume, attachments = payload["resume"], payload["attachments"]
    files = {
        "resume": resume["filename"] if resume else "",
        "attachments": "; ".join(one["filename"] for one in attachments),
    }
    return tuple(_guarded((payload | files)[column] or "") for column in EXPORT_COLUMNS)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _PHONE.fullmatch(cell) else cell


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
