"""Files that cannot be imported at all: the reason, and a phrase for API clients and the command line.

Pages show their own sentence for each reason, in the language of the reader.
"""

from collections.abc import Mapping
from types import MappingProxyType

from leadtracker.domain.errors import ImportRejected

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "column-missing": "the header lacks {columns}",
        "column-twice": "the header names a column twice",
        "empty": "the file is empty",
        "markup": "the file is a web page or XML; save it as .xlsx or CSV in a spreadsheet program",
        "no-text": "the file {problem}",
        "no-workbook": "the file is no Excel workbook that can be read; save it as .xlsx or as CSV",
        "old-workbook": (
            "the file is no text and no workbook of Excel 2007 or later; save it as .xlsx or as CSV"
        ),
        "protected": "the file is protected by a password; save it without one",
        "too-large": "the workbook unpacks to more than can be read; save it as CSV, or split it",
        "unreadable-header": "the header cannot be read as CSV: {problem}",
        "workbook-size": "a workbook may have at most {max} MiB; save it as CSV",
    }
)
"""The phrase for each reason."""


def rejected_file(reason: str, **data: object) -> ImportRejected:
    """Make the error for a file.

    Args:
        reason: a key of ``PHRASES``.
        data: the values that the phrase names.
    """
    return ImportRejected(PHRASES[reason].format_map(data), reason, data)
