"""Tables in Excel workbooks: the first sheet that has a header, or else the first one that has cells.

The library holds a whole workbook in memory, and a small file can unpack to any size. A process of limited
memory and time therefore reads it and writes its rows into a temporary file.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO, ClassVar

import orjson
from attrs import frozen

from leadtracker.entrypoints.formats.tables.csv_table import Record
from leadtracker.entrypoints.formats.tables.dialect import Dialect
from leadtracker.entrypoints.formats.tables.header import MAX_ROWS_TO_HEADER, is_header
from leadtracker.entrypoints.formats.tables.rejected_files import rejected_file
from leadtracker.entrypoints.formats.tables.xlsx_reader import NO_TABLE, TIME_LIMIT_SECONDS

ZIP_MAGIC = b"PK\x03\x04"
MAX_FILE_BYTES = 32 * 1024 * 1024
_READER = "leadtracker.entrypoints.formats.tables.xlsx_reader"


@frozen
class XlsxTable:
    """A table in a workbook; see ``CsvTable``. The line of a record is the number of its row."""

    has_serials: ClassVar[bool] = True
    header: tuple[str, ...]
    dialect: Dialect
    _rows: BinaryIO
    _header_number: int

    @classmethod
    @contextmanager
    def open(cls, file: BinaryIO) -> Iterator["XlsxTable"]:
        """Read a workbook into a temporary file, and its header.

        Raises:
            ImportRejected: it is no workbook, too large, or empty.
        """
        with TemporaryFile() as rows:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "workbook.xlsx"
                _copy(file, path)
                _read(path, rows)
            sheet, records = _parsed(rows)
            first = list(islice(records, MAX_ROWS_TO_HEADER))
            number, header = next((row for row in first if is_header(row[1])), first[0])
            yield cls(tuple(header), Dialect("utf-8-sig", format="Excel", sheet=sheet), rows, number)

    def records(self) -> Iterator[Record]:
        """Yield the rows after the header, from the beginning."""
        _, rows = _parsed(self._rows)
        yield from ((number, cells) for number, cells in rows if number > self._header_number)

    def count(self) -> int:
        """Return the number of records, also while they are being read."""
        position = self._rows.tell()
        number = sum(1 for _ in self.records())
        self._rows.seek(position)
        return number


def _copy(file: BinaryIO, path: Path) -> None:
    with path.open("wb") as copy:
        shutil.copyfileobj(file, copy)
        if copy.tell() > MAX_FILE_BYTES:
            raise rejected_file("workbook-size", max=MAX_FILE_BYTES // 1024**2)


def _read(path: Path, rows: BinaryIO) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", _READER, str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - the command has no input but the path of the copy
            command,
            stdout=rows,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise rejected_file("too-large") from None
    if done.returncode == NO_TABLE:
        raise rejected_file(done.stderr.decode().strip())
    if done.returncode:
        raise rejected_file("too-large")


def _parsed(rows: BinaryIO) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return the name of the sheet, as ``xlsx_reader`` writes it, and the rows from the first one on."""
    rows.seek(0)
    sheet = orjson.loads(rows.readline())
    return sheet, ((number, cells) for number, cells in map(orjson.loads, rows))
