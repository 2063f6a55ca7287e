"""The sentences by which pages show why a file cannot be imported, chosen by the reason of the error."""

from collections.abc import Mapping
from types import MappingProxyType

from leadtracker.domain.errors import ImportRejected
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "column-missing": mark(
            "It lacks a column with names, or one with e-mail addresses or phone numbers."
        ),
        "column-twice": mark("Two of its columns have the same name."),
        "empty": mark("It is empty."),
        "markup": mark(
            "It is a web page or XML. Open it in a spreadsheet program, and save it as .xlsx or as CSV."
        ),
        "no-text": mark("It is not a table, or its encoding is unknown. Save it as a CSV file in UTF-8."),
        "no-workbook": mark("It is not a readable Excel workbook. Save it as .xlsx or as CSV."),
        "old-workbook": mark("It is of an old version of Excel, or no table. Save it as .xlsx or as CSV."),
        "protected": mark("It is protected by a password. Save it without one."),
        "too-large": mark("It has more cells than can be read. Save it as CSV, or split it."),
        "unreadable-header": mark(
            "Its first row cannot be read: its quotation marks are wrong, or it is too long."
        ),
        "workbook-size": mark("A workbook must not be larger than %(max)s MB. Save it as CSV."),
    }
)
"""The sentence for each reason why a file cannot be imported."""


def file_message(error: ImportRejected) -> str:
    """Return the sentences about a file that cannot be imported, in the language in use."""
    beginning = _("This file cannot be imported.")
    return f"{beginning} {_(SENTENCES[error.reason], **error.data)}"
