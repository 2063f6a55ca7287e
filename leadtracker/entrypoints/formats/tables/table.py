"""Tables of text in files that people import: CSV in any usual dialect and encoding, and Excel workbooks."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, TypeAlias

from leadtracker.domain.model.values.compound_file import MAGIC, CompoundFile
from leadtracker.entrypoints.formats.tables.csv_table import CsvTable
from leadtracker.entrypoints.formats.tables.rejected_files import rejected_file
from leadtracker.entrypoints.formats.tables.xlsx_table import ZIP_MAGIC, XlsxTable

_MAX_OLD_FILE_BYTES = 64 * 1024 * 1024
_MAX_START = 100
# What web applications and Excel 2003 save under the name of a workbook.
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!|\?xml|(?:html|head|meta|style|body|div|table)\b)", re.IGNORECASE
)


Table: TypeAlias = CsvTable | XlsxTable
"""A table that can be read several times, a record at a time; rows of empty cells are no records."""


@contextmanager
def open_table(file: BinaryIO, charset: str | None = None) -> Iterator[Table]:
    """Open the table in a file, by the file's content.

    Args:
        file: at its beginning; a temporary copy is made if it cannot be read twice.
        charset: the encoding that the sender named; None if none.

    Raises:
        ImportRejected: it holds no table that can be read as a whole; the message has the reason.
    """
    with ExitStack() as stack:
        source = file if file.seekable() else _copy(file, stack)
        start = source.read(_MAX_START)
        source.seek(0)
        if start.startswith(MAGIC):
            raise rejected_file(_problem_of(source.read(_MAX_OLD_FILE_BYTES)))
        if _MARKUP.match(start):
            raise rejected_file("markup")
        if start.startswith(ZIP_MAGIC):
            yield stack.enter_context(XlsxTable.open(source))
        else:
            yield stack.enter_context(CsvTable.open(source, charset))


def _copy(file: BinaryIO, stack: ExitStack) -> BinaryIO:
    copy = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _problem_of(content: bytes) -> str:
    """Return why a file of the format of old workbooks is rejected."""
    return "protected" if CompoundFile.of(content).is_encrypted else "old-workbook"
