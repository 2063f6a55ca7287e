"""Uploaded files: received in pieces, and opened again as a table of leads."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

from attrs import frozen

from leadtracker.domain.errors import ImportRejected, InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.domain.use_cases.imports.import_files import ImportFiles
from leadtracker.domain.use_cases.imports.import_leads import ImportLeads
from leadtracker.domain.use_cases.imports.import_rows import RowResult
from leadtracker.entrypoints.formats.lead_csv import LeadCsv
from leadtracker.entrypoints.formats.tables.dialect import Dialect
from leadtracker.entrypoints.formats.tables.table import open_table
from leadtracker.entrypoints.http.web.imports.column_matching import Column, match_columns

MAX_FILE_BYTES = 32 * 1024 * 1024
"""The maximum size of an uploaded file; the API and the command line take larger ones."""

PREVIEWED_ROWS = 20
_PIECE_BYTES = 256 * 1024


@frozen
class Preview:
    """The result that an import of a file would have.

    Attributes:
        error: why the file cannot be imported as it is matched; None if it can.
        results: of the first rows.
        dialect: how the file is read.
    """

    columns: Sequence[Column]
    dialect: Dialect
    error: ImportRejected | None = None
    results: Sequence[RowResult] = ()

    @property
    def lacks_header(self) -> bool:
        """True if the row that should name the columns has an e-mail address."""
        return any("@" in column.title for column in self.columns)


@frozen
class UploadedFiles:
    """Keeps uploaded files between the pages of an import."""

    _files: ImportFiles
    _import_leads: ImportLeads
    _zone: tzinfo

    def add(self, actor: Actor, upload: Upload) -> str:
        """Keep a file and return its id.

        Raises:
            ImportRejected: it holds no table.
            InvalidInput: its name cannot be read.
        """
        try:
            name = clean_filename(upload.filename)
        except ValueError as error:
            raise InvalidInput([field_error("file", error)]) from None
        with open_table(io.BytesIO(upload.content)):
            pass
        content = upload.content
        starts = range(0, len(content), _PIECE_BYTES)
        return self._files.add(actor, name, (content[start : start + _PIECE_BYTES] for start in starts))

    @contextmanager
    def open(self, actor: Actor, file_id: str) -> Iterator[BinaryIO]:
        """Open a copy of a file, which is deleted after the block.

        Raises:
            ImportFileNotFound: there is no such file, or it has expired.
        """
        pieces = self._files.pieces(actor, file_id)
        with TemporaryFile() as copy:
            for piece in pieces:
                copy.write(piece)
            copy.seek(0)
            yield copy

    def columns(self, file: BinaryIO, chosen: Mapping[str, str]) -> tuple[list[Column], Dialect]:
        """Return the columns of a file as the user has matched them, and how it is read."""
        file.seek(0)
        with open_table(file) as table:
            found = (cells for _, cells in table.records() if isinstance(cells, list))
            columns = match_columns(table.header, list(islice(found, PREVIEWED_ROWS)), chosen)
            return columns, table.dialect

    def preview(
        self, actor: Actor, file_id: str, chosen: Mapping[str, str], *, update: bool = False
    ) -> Preview:
        """Return what an import would do, without storing anything.

        Raises:
            ImportFileNotFound: there is no such file, or it has expired.
        """
        with self.open(actor, file_id) as file:
            columns, dialect = self.columns(file, chosen)
            try:
                with self.leads_csv(file, columns) as leads_csv:
                    rows = islice(leads_csv.rows(), PREVIEWED_ROWS)
                    results = list(self._import_leads(actor, rows, dry_run=True, update=update))
                    return Preview(columns, dialect, None, results)
            except ImportRejected as error:
                return Preview(columns, dialect, error)

    @contextmanager
    def leads_csv(self, file: BinaryIO, columns: Sequence[Column]) -> Iterator[LeadCsv]:
        """Open a file as leads, with these columns."""
        file.seek(0)
        with LeadCsv.open(file, self._zone, columns=[column.meaning for column in columns]) as leads_csv:
            yield leads_csv
