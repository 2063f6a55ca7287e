"""The process that reads a workbook: it writes each row with its number as a line of JSON."""

import contextlib
import sys
from collections.abc import Iterator
from datetime import date, datetime

import orjson
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

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
        rows = _rows(CalamineWorkbook.from_path(path))
        is_empty = True
        for row in rows:
            sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            is_empty = False
    except PasswordError:
        return _fail(_PROTECTED)
    except CalamineError:
        return _fail(_NO_WORKBOOK)
    return _fail(_EMPTY) if is_empty else 0


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


def _rows(workbook: CalamineWorkbook) -> Iterator[tuple[int, list[str]]]:
    # Visible sheets come before hidden ones, and a chart is no table.
    sheets = sorted(workbook.sheets_metadata, key=lambda one: one.visible != SheetVisibleEnum.Visible)
    for name in (one.name for one in sheets if one.typ == SheetTypeEnum.WorkSheet):
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [_text(cell) for cell in row]
            if any(map(str.strip, cells)):
                yield number, cells
        return


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
