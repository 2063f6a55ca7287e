"""What an import has done, in words, and rejected rows kept for mending."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from attrs import define, field

from leadtracker.domain.use_cases.leads.import_leads import RowOutcome, RowResult
from leadtracker.entrypoints.cli.application import say
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from leadtracker.entrypoints.formats.lead_csv import RejectedRowsWriter

_MAX_ERRORS_SHOWN = 50


def summary_line(summary: ImportSummary) -> str:
    """The counts in one line."""
    created, duplicates, rejected = (summary.count(outcome) for outcome in RowOutcome)
    return f"created={created} duplicates={duplicates} rejected={rejected}"


def rejected_lines(summary: ImportSummary) -> Iterator[str]:
    """The first rejected rows: line, column and reason."""
    for row in summary.rejected[:_MAX_ERRORS_SHOWN]:
        yield f"line {row['line']}: {row['field']} {row['message']}"
    more = summary.count(RowOutcome.REJECTED) - _MAX_ERRORS_SHOWN
    if more > 0:
        yield f"… and {more} more rejected rows"


@define
class RejectedFile:
    """The CSV file of rejected rows; it comes into being with the first of them.

    Where it cannot be written the import goes on: the rows are told all the same.
    """

    _path: Path
    _file: TextIO | None = field(default=None, init=False)
    _writer: RejectedRowsWriter | None = field(default=None, init=False)
    _is_too_old: bool = field(default=False, init=False)

    def add(self, result: RowResult) -> None:
        """Write the row if it was rejected."""
        if result.outcome is not RowOutcome.REJECTED or self._is_too_old:
            return
        if self._writer is None:
            self._open()
        if self._writer is not None:
            self._writer.write(result)

    def announce(self) -> None:
        """Tell where the rejected rows are, if there are any."""
        if self._file is not None:
            say(f"Rejected rows are in {self._path}, to be mended and imported again.")

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> None:
        try:
            self._file = self._path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        except OSError as error:
            self._is_too_old = True
            say(f"Warning: rejected rows cannot be written to {self._path}: {error.strerror}.")
        else:
            self._writer = RejectedRowsWriter(self._file)
