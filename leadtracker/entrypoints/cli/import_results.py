"""What an import has done: counted, told, and rejected rows kept for mending."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from attrs import define, field

from leadtracker.domain.use_cases.import_leads import RowOutcome, RowResult
from leadtracker.entrypoints.cli.application import say
from leadtracker.entrypoints.formats.as_json import Json
from leadtracker.entrypoints.formats.lead_csv import RejectedRowsWriter

_MOST_COMPLAINTS_TOLD = 50


@define
class ImportTally:
    """Counts results and keeps what has to be told about those that were not created."""

    _counts: Counter[RowOutcome] = field(factory=Counter, init=False)
    _duplicates: list[Json] = field(factory=list, init=False)
    _rejected: list[Json] = field(factory=list, init=False)

    def add(self, result: RowResult) -> None:
        """Note one result."""
        self._counts[result.outcome] += 1
        if result.outcome is RowOutcome.DUPLICATE:
            email = str(result.row.fields["email"]).strip()
            self._duplicates.append({"line": result.row.line, "email": email})
        elif result.outcome is RowOutcome.REJECTED:
            self._rejected.append(_rejected_json(result))

    def summary(self) -> str:
        """The counts in one line."""
        created, duplicates, rejected = (self._counts[outcome] for outcome in RowOutcome)
        return f"created={created} duplicates={duplicates} rejected={rejected}"

    def complaints(self) -> Iterator[str]:
        """The first rejected rows in words: line, column and reason."""
        for row in self._rejected[:_MOST_COMPLAINTS_TOLD]:
            yield f"line {row['line']}: {row['field']} {row['message']}"
        if len(self._rejected) > _MOST_COMPLAINTS_TOLD:
            yield f"… and {len(self._rejected) - _MOST_COMPLAINTS_TOLD} more rejected rows"

    def as_json(self) -> Json:
        """Everything, in the shape of the HTTP import."""
        return {
            "created": self._counts[RowOutcome.CREATED],
            "duplicates": self._duplicates,
            "rejected": self._rejected,
        }


@define
class RejectedFile:
    """The CSV file of rejected rows; it comes into being with the first of them.

    Where it cannot be written the import goes on: the rows are told all the same.
    """

    _path: Path
    _file: TextIO | None = field(default=None, init=False)
    _writer: RejectedRowsWriter | None = field(default=None, init=False)
    _is_out_of_reach: bool = field(default=False, init=False)

    def add(self, result: RowResult) -> None:
        """Write the row if it was rejected."""
        if result.outcome is not RowOutcome.REJECTED or self._is_out_of_reach:
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
            self._is_out_of_reach = True
            say(f"Warning: rejected rows cannot be written to {self._path}: {error.strerror}.")
        else:
            self._writer = RejectedRowsWriter(self._file)


def _rejected_json(result: RowResult) -> Json:
    first, *others = result.errors
    message = "; ".join([first.message, *(f"{error.field} {error.message}" for error in others)])
    return {"line": result.row.line, "field": first.field, "message": message}
