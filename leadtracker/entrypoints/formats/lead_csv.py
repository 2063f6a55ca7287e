"""Leads as rows of CSV files (RFC 4180) and Excel workbooks: read for an import, written for an export."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import BinaryIO, TextIO

from attrs import field, frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.domain.model.leads.inputs.answers import MAX_ANSWER_LENGTH, dump_answers
from leadtracker.domain.model.leads.inputs.column_names import REQUIRED_COLUMNS, columns_named
from leadtracker.domain.model.leads.inputs.field_aliases import FULL_NAME
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.use_cases.imports.import_rows import ImportRow, RowResult
from leadtracker.entrypoints.formats.import_times import ImportTimes
from leadtracker.entrypoints.formats.tables.cell_marks import (
    guarded,
    may_be_marked,
    without_guard,
    without_marks,
)
from leadtracker.entrypoints.formats.tables.csv_table import UnreadableRecord
from leadtracker.entrypoints.formats.tables.dialect import Dialect
from leadtracker.entrypoints.formats.tables.rejected_files import rejected_file
from leadtracker.entrypoints.formats.tables.table import Table, open_table

KNOWN_COLUMNS = (*FIELDS_BY_NAME, "state", "created_at", "answers", "owner")
_IN_DATABASE_ONLY = ("id", "duplicate_of", "resume", "attachments")
EXPORT_COLUMNS = (*KNOWN_COLUMNS[:-1], *_IN_DATABASE_ONLY, KNOWN_COLUMNS[-1])
"""The columns of an export. The import ignores ids and files, which only this database has."""
LEFT_OUT = "\0"
"""The meaning of a column that is left out."""
REPORT_COLUMNS = ("line", "problem")
"""The last columns of a file of rejected rows, behind those of the imported file."""

_ReasonsOf = Callable[[Sequence[FieldError]], str]
_FIELD_COLUMNS = frozenset({*KNOWN_COLUMNS, FULL_NAME})
_MAX_CELL = MAX_ANSWER_LENGTH + 1  # one character more shows that the answer was cut
_MAX_LEAD_CHARACTERS = 32_767  # the limit of a spreadsheet's cell; the use case keeps many rows in memory
_TIME_COLUMN, _PHONE_COLUMN = "created_at", "phone"


@frozen
class LeadCsv:
    """An opened file of leads: CSV or an Excel workbook.

    Attributes:
        columns: what each column means: a field, or else its own name.
        ignored: the names of the columns that are left out.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    _table: Table = field(repr=False)
    _times: ImportTimes = field(repr=False)
    _has_fields_only: bool = field(repr=False)

    @classmethod
    @contextmanager
    def open(
        cls,
        file: BinaryIO,
        zone: tzinfo,
        charset: str | None = None,
        *,
        ignores_others: bool = False,
        columns: Sequence[str] | None = None,
    ) -> Iterator["LeadCsv"]:
        """Read the header of a file and look at its times; its records are read one at a time.

        Args:
            file: CSV or an Excel workbook; at its beginning.
            zone: the zone of times without an offset.
            charset: the encoding that the sender named; None if none.
            ignores_others: leave out the columns that are no field; by default they become answers.
            columns: what each column means: a field, ``LEFT_OUT``, or the name of an answer; by default as
                ``meanings_of`` finds.

        Raises:
            ImportRejected: the file cannot be read as a whole, is empty, or lacks a required column.
        """
        with open_table(file, charset) as table:
            yield cls._of(table, zone, columns or meanings_of(table.header), ignores_others=ignores_others)

    @classmethod
    def _of(cls, table: Table, zone: tzinfo, columns: Sequence[str], *, ignores_others: bool) -> "LeadCsv":
        known = [column for column in columns if column in _FIELD_COLUMNS]
        missing = [_one_of(group) for group in REQUIRED_COLUMNS if not set(group).intersection(known)]
        if missing:
            raise rejected_file("column-missing", columns=" and ".join(missing))
        if len(set(known)) < len(known):
            raise rejected_file("column-twice")
        others = tuple(column for column in columns if column not in {"", LEFT_OUT, *_FIELD_COLUMNS})
        ignored = others if ignores_others else ()
        times = ImportTimes.of(_cells_of(table, columns), zone, has_serials=table.has_serials)
        return cls(tuple(columns), ignored, table, times, _FIELD_COLUMNS.issuperset(columns))

    @property
    def dialect(self) -> Dialect:
        """How the file was read."""
        return self._table.dialect

    @property
    def header(self) -> tuple[str, ...]:
        """The header as it is in the file."""
        return self._table.header

    def rows(self) -> Iterator[ImportRow]:
        """Yield the records after the header; an unreadable one has an error and does not stop the others."""
        for line, cells in self._table.records():
            if isinstance(cells, UnreadableRecord):
                yield ImportRow(line, {}, errors=(_unreadable(line, cells),))
            else:
                yield self._row(line, cells)

    def count(self) -> int:
        """Return the number of ``rows``, also while they are being read."""
        return self._table.count()

    def _row(self, line: int, cells: list[str]) -> ImportRow:
        while len(cells) > len(self.columns) and not cells[-1].strip():
            cells.pop()  # blank cells behind the last column
        fields = self._fields(cells)
        is_long = sum(map(len, cells)) > _MAX_LEAD_CHARACTERS
        if is_long and (longest := _longest_of_too_long(fields)):
            return ImportRow(line, {}, errors=(_error(longest, "far-too-long"),))
        if len(cells) > len(self.columns):
            error = _error("row", "row-too-wide", cells=len(cells), columns=len(self.columns))
            return ImportRow(line, fields, errors=(error,), cells=tuple(cells))
        time = fields.get(_TIME_COLUMN, "")
        left_out = self._read_time(fields, time)
        if not left_out:
            return ImportRow(line, fields, cells=tuple(cells))
        return ImportRow(line, fields, cells=tuple(cells), left_out=left_out, unread={_TIME_COLUMN: time})

    def _fields(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells of a row by the meanings of their columns, without the marks of spreadsheets."""
        if self._has_fields_only and not may_be_marked("".join(cells)):
            return dict(zip(self.columns, cells, strict=False))  # the fast path of almost all rows
        fields: dict[str, str] = {}
        for number, (column, marked) in enumerate(zip(self.columns, cells, strict=False), 1):
            cell = without_marks(marked, is_phone=column == _PHONE_COLUMN)
            if column in _FIELD_COLUMNS:
                fields[column] = cell
            elif cell.strip() and column != LEFT_OUT and not self.ignored:
                name = column or f"column {number}"
                fields[name] = (f"{fields[name]}\n{cell}" if name in fields else cell)[:_MAX_CELL]
        return fields

    def _read_time(self, fields: dict[str, str], time: str) -> tuple[FieldError, ...]:
        """Replace the time by its standard form; remove one that cannot be read, and return its error."""
        if time and not time.isspace():
            try:
                fields[_TIME_COLUMN] = self._times.read(time)
            except ValueError as error:
                del fields[_TIME_COLUMN]
                return (field_error(_TIME_COLUMN, error),)
        return ()


def meanings_of(header: Sequence[str]) -> list[str]:
    """Return what the columns of a file mean; the report of an earlier import at their end is left out."""
    width = _width_without_report(header)
    return [*columns_named(header[:width]), *[LEFT_OUT] * (len(header) - width)]


def _one_of(group: Sequence[str]) -> str:
    *names, last = group
    return f"a column {', '.join(names)} or {last}"


def _width_without_report(header: Sequence[str]) -> int:
    """Return the number of columns before ``REPORT_COLUMNS``, which corrected rows still have."""
    names = tuple(column.strip() for column in header)
    while names[-len(REPORT_COLUMNS) :] == REPORT_COLUMNS:
        names = names[: -len(REPORT_COLUMNS)]
    return len(names)


def _longest_of_too_long(fields: Mapping[str, str]) -> str | None:
    """Return the longest field if all fields of a lead are too long together."""
    known = {column: cell for column, cell in fields.items() if column in _FIELD_COLUMNS}
    if sum(map(len, known.values())) <= _MAX_LEAD_CHARACTERS:
        return None
    return max(known, key=lambda column: len(known[column]))


def _unreadable(line: int, record: UnreadableRecord) -> FieldError:
    if record.last_line > line:
        return _error("row", "unreadable-rows", reason=record.reason, last=record.last_line)
    return _error("row", "unreadable-row", reason=record.reason)


def _error(name: str, code: str, **data: object) -> FieldError:
    return field_error(name, InvalidValue(code, **data))


def _cells_of(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """Yield the cells of the column with times."""
    if _TIME_COLUMN not in columns:
        return
    index = columns.index(_TIME_COLUMN)
    for _, cells in table.records():
        if not isinstance(cells, UnreadableRecord) and len(cells) > index:
            yield cells[index]


class RejectedRowsWriter:
    """Writes rejected rows in the dialect of their file with the reason of each, to be imported again.

    Args:
        file: is written to.
        leads_csv: the imported file.
        reasons_of: gives the text of the errors of a row.
    """

    def __init__(self, file: TextIO, leads_csv: LeadCsv, reasons_of: _ReasonsOf) -> None:
        self._writer = csv.writer(file, delimiter=leads_csv.dialect.delimiter)
        self._width = _width_without_report(leads_csv.header)
        self._reasons_of = reasons_of
        self._writer.writerow((*leads_csv.header[: self._width], *REPORT_COLUMNS))

    def write(self, result: RowResult) -> None:
        """Write one rejected row."""
        cells = [guarded(without_guard(cell)) for cell in result.row.cells[: self._width]]
        problem = self._reasons_of(result.errors)
        padding = [""] * (self._width - len(cells))
        self._writer.writerow((*cells, *padding, str(result.row.line), guarded(problem)))


def export_row(payload: LeadPayload) -> tuple[str, ...]:
    """Return the cells of a lead for ``EXPORT_COLUMNS``."""
    resume, attachments = payload["resume"], payload["attachments"]
    texts = {
        "answers": dump_answers(payload["answers"]),
        "resume": resume["filename"] if resume else "",
        "attachments": "; ".join(one["filename"] for one in attachments),
    }
    return tuple(guarded((payload | texts)[column] or "") for column in EXPORT_COLUMNS)
