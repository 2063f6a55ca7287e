"""The process that reads a workbook: it writes each row with its number as a line of JSON.

The first line is the name of the sheet, which is empty if no other one is visible.
"""

import contextlib
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

import orjson
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from leadtracker.entrypoints.formats.tables.header import MAX_ROWS_TO_HEADER, is_header

NO_TABLE = 3
"""The exit status for a file that holds no table; standard error has the reason, see ``rejected_files``."""

TIME_LIMIT_SECONDS = 60
_MEMORY_LIMIT_BYTES = 1024**3
_OUTPUT_LIMIT_BYTES = 512 * 1024**2
_NO_WORKBOOK, _PROTECTED, _EMPTY = "no-workbook", "protected", "empty"


def main(path: str) -> int:
    """Write the rows of the workbook, and return the exit status."""
    _limit_resources()
    try:
        workbook = CalamineWorkbook.from_path(path)
        visible, others = _sheets(workbook)
        sheet = _table_among(workbook, visible) or _table_among(workbook, others)
        if sheet is None:
            return _fail(_EMPTY)
        _write(sheet.name if len(visible) > 1 else "")
        for row in _rows(sheet):
            _write(row)
    except PasswordError:
        return _fail(_PROTECTED)
    except CalamineError:
        return _fail(_NO_WORKBOOK)
    return 0


def _limit_resources() -> None:
    if sys.platform == "win32":
        return  # it has no such limits; the time limit of the parent remains
    import resource  # noqa: PLC0415 - not on Windows

    for kind, limit in (
        (resource.RLIMIT_AS, _MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_CPU, TIME_LIMIT_SECONDS),
        (resource.RLIMIT_FSIZE, _OUTPUT_LIMIT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _sheets(workbook: CalamineWorkbook) -> tuple[list[str], list[str]]:
    """Return the names of the visible sheets, and of the others; a chart is no table."""
    tables = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in tables if one.visible == SheetVisibleEnum.Visible]
    return visible, [one.name for one in tables if one.name not in visible]


def _table_among(workbook: CalamineWorkbook, names: Iterable[str]) -> CalamineSheet | None:
    """Return the first sheet that has a header, or else the first one that has cells."""
    found = None
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        first = [cells for _, cells in islice(_rows(sheet), MAX_ROWS_TO_HEADER)]
        if any(map(is_header, first)):
            return sheet
        found = found or (sheet if first else None)
    return found


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:
        return
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(cell) for cell in row]
        if any(map(str.strip, cells)):
            yield number, cells


def _write(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def _text(cell: object) -> str:
    """Return a cell as text: a whole number without decimals, a time in ISO 8601."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _fail(reason: str) -> int:
    with contextlib.suppress(OSError):
        sys.stderr.write(reason)
    return NO_TABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
