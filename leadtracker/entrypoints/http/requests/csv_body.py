"""Read a CSV file from a request body as a stream, without holding it in memory."""

import io
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from leadtracker.domain.model.values.text_encoding import known_charset
from leadtracker.entrypoints.formats.lead_csv import LeadCsv, text_of
from leadtracker.entrypoints.http.requests.body import declared_charset

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_CSV_BYTES = 256 * 1024 * 1024
"""About a million leads. Larger files must be split, or imported by the command line."""

_BYTES_AT_A_TIME = 64 * 1024


def read_csv() -> LeadCsv:
    """Open the CSV file in the request and read its header.

    Reading its rows raises BadRequest and RequestEntityTooLarge, too.

    Raises:
        BadRequest: the body is truncated.
        RequestEntityTooLarge: the body has more than MAX_CSV_BYTES.
        UnsupportedMediaType: the body is no CSV, or not in UTF-8.
        ImportRejected: the header is missing or lacks required columns.
    """
    if known_charset(declared_charset() or "utf-8") != "utf-8":
        raise UnsupportedMediaType("The file must be in UTF-8.")
    if request.mimetype != "text/csv":
        raise UnsupportedMediaType("Send text/csv.")
    return LeadCsv.open(text_of(io.BufferedReader(_Body(), _BYTES_AT_A_TIME)))


class _Body(io.RawIOBase):
    """The request's body as a raw stream, which raises an error where it is too large or truncated."""

    def __init__(self) -> None:
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
        elif self._last not in b"\r\n":
            # A truncated chunked body looks complete, and half an e-mail address can look like a whole one.
            message = "The body ends within a line: it was cut short, or its last line lacks a line break."
            raise BadRequest(message)


def _too_large() -> RequestEntityTooLarge:
    return RequestEntityTooLarge(f"The file may have at most {MAX_CSV_BYTES} bytes.")
