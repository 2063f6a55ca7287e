"""Read a file of leads from a request body, without holding it in memory."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.entrypoints.formats.lead_csv import LeadCsv
from leadtracker.entrypoints.http.requests.body import check_not_compressed
from leadtracker.entrypoints.http.requests.forms import declared_charset

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_CSV_BYTES = 256 * 1024 * 1024
"""About a million leads. Larger files must be split, or imported by the command line."""

_BYTES_AT_A_TIME = 64 * 1024


CSV_TYPES = ("text/csv", "text/tab-separated-values")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE_TYPES = {*CSV_TYPES, XLSX_TYPE, "application/vnd.ms-excel"}  # the last is what Windows calls CSV


@contextmanager
def read_csv(zone: tzinfo, *, ignores_others: bool) -> Iterator[LeadCsv]:
    """Store the file in the request in a temporary file, and read its header; its content decides what it is.

    Args:
        zone: the zone of times without an offset.
        ignores_others: leave out the columns that are no field.

    Raises:
        BadRequest: the body is truncated.
        RequestEntityTooLarge: the body has more than MAX_CSV_BYTES.
        UnsupportedMediaType: the body is neither CSV nor a workbook, of unknown charset, or compressed.
        ImportRejected: the file cannot be read as a whole, or its header lacks required columns.
        StorageUnavailable: there is no disk space for the file.
    """
    charset = declared_charset()
    if request.mimetype not in _FILE_TYPES:
        raise UnsupportedMediaType(f"Send text/csv or {XLSX_TYPE}.")
    with TemporaryFile() as copy:
        _store(copy)
        with LeadCsv.open(copy, zone, charset, ignores_others=ignores_others) as leads_csv:
            yield leads_csv


def _store(copy: BinaryIO) -> None:
    try:
        shutil.copyfileobj(io.BufferedReader(_Body(), _BYTES_AT_A_TIME), copy, _BYTES_AT_A_TIME)
        copy.seek(0)
    except OSError as error:
        raise StorageUnavailable("there is no room for the file") from error


class _Body(io.RawIOBase):
    """The request's body as a raw stream, which raises an error where it is too large or truncated."""

    def __init__(self) -> None:
        check_not_compressed()
        self._announced = request.content_length
        if self._announced is not None and self._announced > MAX_CSV_BYTES:
            raise _too_large()
        self._received = 0
        self._last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        chunk = request.stream.read(len(view))
        view[: len(chunk)] = chunk
        self._received += len(chunk)
        if self._received > MAX_CSV_BYTES:
            raise _too_large()
        if not chunk:
            self._check_end()
        self._last = chunk[-1:] or self._last
        return len(chunk)

    def _check_end(self) -> None:
        if self._announced is not None:
            if self._received < self._announced:
                raise BadRequest("The body is shorter than announced.")
        elif self._last not in b"\r\n" and request.mimetype in CSV_TYPES:
            # A truncated chunked body looks complete, and half an e-mail address can look like a whole one.
            message = "The body ends within a line: it was cut short, or its last line lacks a line break."
            raise BadRequest(message)


def _too_large() -> RequestEntityTooLarge:
    return RequestEntityTooLarge(f"The file may have at most {MAX_CSV_BYTES} bytes.")
