"""Leads as CSV (RFC 4180): reading files that people made, writing files that spreadsheets open safely.

A cell that begins like a formula would be executed by a spreadsheet, so it is written with a leading
apostrophe, which reading takes away again. Phone numbers begin with a plus, too, but are left alone.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from attrs import field, frozen

from leadtracker.domain.errors import FieldError, ImportRefused
from leadtracker.domain.model.instant import format_instant
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.use_cases.import_leads import ImportRow, RowResult

REQUIRED_COLUMNS = ("first_name", "last_name", "email")
KNOWN_COLUMNS = (*REQUIRED_COLUMNS, "phone", "message", "source", "state", "created_at")
EXPORT_COLUMNS = (*KNOWN_COLUMNS, "id", "duplicate_of")

_DELIMITERS = (",", ";", "\t")
_MOST_CHARACTERS_IN_A_CELL = 1_000_000
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # with the apostrophes of earlier guards, so that each is undone
_PHONE = re.compile(r"\+\d[\d ]{3,20}", re.ASCII)


@frozen
class LeadCsv:
    """An opened CSV file of leads.

    Attributes:
        columns: the header as it is in the file.
        ignored: the columns that mean nothing here.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    _records: "_Records" = field(repr=False)

    @classmethod
    def open(cls, lines: Iterable[str]) -> "LeadCsv":
        """Read the header of a file given as lines with their line ends.

        Raises:
            ImportRefused: it is empty, not CSV, or lacks a required column.
        """
        iterator = iter(lines)
        first = next(iterator, "").removeprefix("\ufeff")
        delimiter = max(_DELIMITERS, key=first.count)
        records = _Records(iterator, first, delimiter)
        columns = tuple(cell.strip() for cell in records.header())
        known = [column for column in columns if column in KNOWN_COLUMNS]
        missing = [column for column in REQUIRED_COLUMNS if column not in known]
        if missing:
            message = f"the header lacks the column {', '.join(missing)}"
            raise ImportRefused(message)
        if len(set(known)) < len(known):
            message = "the header names a column twice"
            raise ImportRefused(message)
        ignored = tuple(column for column in columns if column and column not in KNOWN_COLUMNS)
        return cls(columns, ignored, records)

    def rows(self) -> Iterator[ImportRow]:
        """The records behind the header; an unreadable one carries its error and does not stop the rest."""
        for line, cells in self._records:
            if isinstance(cells, csv.Error):
                yield ImportRow(line, {}, (FieldError("row", f"cannot be read as CSV: {cells}"),))
            elif len(cells) > len(self.columns):
                error = FieldError("row", f"has {len(cells)} cells, the header has {len(self.columns)}")
                yield ImportRow(line, self._named(cells), (error,))
            elif cells:
                yield ImportRow(line, self._named(cells))

    def _named(self, cells: Sequence[str]) -> dict[str, object]:
        named = zip(self.columns, map(_without_guard, cells), strict=False)
        return {column: cell for column, cell in named if column in KNOWN_COLUMNS}


class _Records:
    """The records of a CSV file, each with the physical line on which it starts."""

    def __init__(self, lines: Iterator[str], first: str, delimiter: str) -> None:
        csv.field_size_limit(_MOST_CHARACTERS_IN_A_CELL)
        self._reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)

    def header(self) -> list[str]:
        try:
            return next(self._reader, [])
        except csv.Error as error:
            message = f"the header cannot be read as CSV: {error}"
            raise ImportRefused(message) from None

    def __iter__(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        while True:
            line = self._reader.line_num + 1
            try:
                yield line, next(self._reader)
            except csv.Error as error:
                yield line, error
            except StopIteration:
                return


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def write_leads(file: IO[str], leads: Iterable[Lead]) -> int:
    """Write leads with a header and count them."""
    writer = csv.writer(file)
    writer.writerow(EXPORT_COLUMNS)
    count = 0
    for count, lead in enumerate(leads, start=1):  # noqa: B007 - the last number is the count
        writer.writerow(map(_guarded, _cells(lead)))
    return count


class RejectedRowsWriter:
    """Writes rejected rows back as CSV, with the reason beside them, to be mended and imported again."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow((*KNOWN_COLUMNS, "line", "problem"))

    def write(self, result: RowResult) -> None:
        """Write one rejected row."""
        cells = [str(result.row.fields.get(column, "")) for column in KNOWN_COLUMNS]
        problem = "; ".join(f"{error.field} {error.message}" for error in result.errors)
        self._writer.writerow(map(_guarded, (*cells, str(result.row.line), problem)))


def _cells(lead: Lead) -> tuple[str, ...]:
    return (
        lead.first_name,
        lead.last_name,
        lead.email.text,
        lead.phone or "",
        lead.message or "",
        lead.source or "",
        lead.state.value,
        format_instant(lead.created_at),
        lead.id,
        lead.duplicate_of or "",
    )


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _PHONE.fullmatch(cell) else cell


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
