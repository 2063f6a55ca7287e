"""Progress and results of an import on the command line, and the file of rejected rows."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import click
from attrs import define, field

from leadtracker.domain.use_cases.imports.import_rows import RowOutcome, RowResult
from leadtracker.entrypoints.cli.application import end, say
from leadtracker.entrypoints.cli.terminal import number_of
from leadtracker.entrypoints.formats.field_messages import named, named_phrases
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from leadtracker.entrypoints.formats.lead_csv import LeadCsv, RejectedRowsWriter

_MAX_ERRORS_SHOWN = 50


@contextmanager
def reading_progress(file: BinaryIO) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error, if that is a terminal.

    Yields:
        A function to be called while reading; it moves the bar to the file's position.
    """
    size = os.fstat(file.fileno()).st_size
    with click.progressbar(
        length=size,
        label="Reading",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        update_min_steps=max(1, size // 100),
    ) as bar:
        yield lambda: bar.update(file.tell() - bar.pos)


def summary_line(summary: ImportSummary) -> str:
    """Return the counts as one line, such as ``created=7 duplicates=2 rejected=1``."""
    created, duplicates, rejected, updated = (summary.count(outcome) for outcome in RowOutcome)
    counts = f"created={created} duplicates={duplicates} rejected={rejected}"
    return f"{counts} updated={updated}" if updated else counts


def summary_sentence(summary: ImportSummary, *, dry_run: bool) -> str:
    """Return what happened to the rows of a file, for people."""
    created, duplicates, rejected, updated = (summary.count(outcome) for outcome in RowOutcome)
    parts = [
        f"{number_of(created, 'lead')} would be new"
        if dry_run
        else f"{number_of(created, 'new lead')} stored",
        *([f"{number_of(duplicates, 'row')} skipped because the person is known"] if duplicates else []),
        *([f"{number_of(updated, 'known lead')} {'would be ' * dry_run}changed"] if updated else []),
        *([f"{number_of(rejected, 'row')} rejected"] if rejected else []),
    ]
    result = ", ".join(parts) + "."
    return f"Dry run, nothing was stored: {result}" if dry_run else result


@contextmanager
def report_interruption(summary: ImportSummary, *, dry_run: bool) -> Iterator[None]:
    """On Ctrl-C, say how many rows are stored, and exit with 1; the progress bar must be closed by then.

    A result is added only after its row is committed, but the rest of its transaction may be committed, too.
    """
    try:
        yield
    except KeyboardInterrupt:
        end(f"interrupted; {_what_is_stored(summary, dry_run=dry_run)}")


def _what_is_stored(summary: ImportSummary, *, dry_run: bool) -> str:
    if dry_run or summary.import_id is None:
        return "nothing was stored"
    if not any(summary.count(outcome) for outcome in RowOutcome):
        return "nothing was stored, unless this command lists the import: leadtracker imports list"
    created = summary.count(RowOutcome.CREATED)
    return (
        f"at least {number_of(created, 'lead')} of the file {'is' if created == 1 else 'are'} stored. "
        "Import it again to continue, since known people are skipped, or undo it: "
        f"leadtracker imports undo {summary.import_id}"
    )


def rejected_lines(summary: ImportSummary) -> Iterator[str]:
    """Yield line number, column and error of the first rejected rows."""
    for row in summary.rejected[:_MAX_ERRORS_SHOWN]:
        yield f"line {row['line']}: {named(row['field'])} {row['message']}"
    more = summary.count(RowOutcome.REJECTED) - _MAX_ERRORS_SHOWN
    if more > 0:
        yield f"… and {more} more rejected rows"


def left_out_lines(summary: ImportSummary) -> Iterator[str]:
    """Yield line number, column and error of the first values without which rows were taken."""
    for row in summary.left_out[:_MAX_ERRORS_SHOWN]:
        yield f"line {row['line']}: {named(row['field'])} {row['message']}; the lead was kept without it"
    more = len(summary.left_out) - _MAX_ERRORS_SHOWN
    if more > 0:
        yield f"… and {more} more values that were left out"


@define
class RejectedFile:
    """The CSV file of rejected rows, in the dialect of the imported one, created with the first of them.

    If it cannot be written, the import continues: the errors are printed all the same.
    """

    _path: Path
    _leads_csv: LeadCsv
    _file: TextIO | None = field(default=None, init=False)
    _writer: RejectedRowsWriter | None = field(default=None, init=False)
    _has_failed: bool = field(default=False, init=False)

    def add(self, result: RowResult) -> None:
        """Write the row if it was rejected."""
        if result.outcome is not RowOutcome.REJECTED or self._has_failed:
            return
        if self._writer is None:
            self._open()
        if self._writer is not None:
            self._writer.write(result)

    def announce(self) -> None:
        """Print the path if any row was written."""
        if self._file is not None:
            say(f"Rejected rows are in {self._path}, to be corrected and imported again.")

    def close(self) -> None:
        """Close the file if it was created."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> None:
        try:
            self._file = self._leads_csv.dialect.create(self._path)
        except OSError as error:
            self._has_failed = True
            say(f"Warning: rejected rows cannot be written to {self._path}: {error.strerror}.")
        else:
            self._writer = RejectedRowsWriter(self._file, self._leads_csv, named_phrases)
