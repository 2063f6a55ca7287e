"""The marks of cells: the guard that keeps spreadsheets from executing a text, and what spreadsheets write.

A spreadsheet would execute a cell that begins like a formula, so it is written with a leading apostrophe,
which reading removes. So is text behind a semicolon, a TAB or a line break, which another program may take
for the end of the cell. Phone numbers also begin with a plus, but stay unchanged.
"""

import re

# A formula at the start of a cell, or behind what another program may take for the end of a cell. With the
# apostrophes of earlier guards, so that reading removes exactly one. Some versions of Excel, as in Japan,
# take the full-width forms for the signs.
_START = r"(?<![^;\t\r\n])"
_FORMULA = r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
_BEFORE_FORMULA = re.compile(f"{_START}(?={_FORMULA})")
_GUARD = re.compile(f"{_START}'(?={_FORMULA})")
_PHONE = re.compile(r"\+\d[\d ]{3,20}", re.ASCII)
_TEXT_MARK = re.compile(r'="(.*)"', re.DOTALL)
_PHONE_MARK = re.compile(r"(?:'|p:)(?=[+\d(])", re.ASCII)  # of Excel, and of Facebook's files


def guarded(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return cell if _PHONE.fullmatch(cell) else _BEFORE_FORMULA.sub("'", cell)


def without_guard(cell: str) -> str:
    """Return the cell that ``guarded`` was given."""
    return _GUARD.sub("", cell) if "'" in cell else cell


def may_be_marked(text: str) -> bool:
    """Return False for text that has no mark, as that of almost all rows."""
    return "'" in text or "=" in text or "p:" in text


def without_marks(cell: str, *, is_phone: bool) -> str:
    """Return a cell without the guard, and without the marks by which spreadsheets keep a number a text."""
    marked = _TEXT_MARK.fullmatch(cell) if cell.startswith("=") else None
    text = without_guard(marked[1].replace('""', '"') if marked else cell)
    mark = _PHONE_MARK.match(text) if is_phone else None
    return text[mark.end() :] if mark else text
