"""Read ``multipart/form-data`` as a stream: every size is limited, and large files are spooled to disk."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from attrs import define, field
from flask import request
from werkzeug.exceptions import BadRequest, HTTPException, LengthRequired, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.leads.resume import Upload
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES, check_charset

MULTIPART = "multipart/form-data"
_MAX_PARTS = 200
# RFC 2046, section 5.1.1, allows 70, but clients exist that send a few more (Werkzeug's up to 74):
# their leads count.
_MAX_BOUNDARY_LENGTH = 200
_BYTES_AT_A_TIME = 64 * 1024
_BYTES_IN_MEMORY = 256 * 1024


class FileTooLarge(RequestEntityTooLarge):
    """A file exceeded its limit while it was read; ``texts`` are the form's texts before it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__("The file is too large.")
        self.texts = texts


def read_parts(file_name: str, max_file_bytes: int) -> dict[str, str | Upload]:
    """Return the parts of a form by name. Of parts with the same name, the first counts.

    Args:
        file_name: the name of the part with the file; files in other parts are ignored.
        max_file_bytes: the maximum size of the file.

    Raises:
        BadRequest: the form is malformed or truncated.
        LengthRequired: there is no ``Content-Length``.
        FileTooLarge: the file has more than ``max_file_bytes``.
        RequestEntityTooLarge: the texts have more than MAX_BODY_BYTES, or there are too many parts.
        UnsupportedMediaType: the form is not in UTF-8.
        StorageUnavailable: there is no disk space for the file.
    """
    check_charset()
    check_length(max_file_bytes + MAX_BODY_BYTES)
    return _read(file_name, max_file_bytes)


def read_texts_before(file_name: str) -> Mapping[str, str]:
    """Return the texts before the file of a form that is too large; empty if the form is malformed."""
    try:
        _read(file_name, max_file_bytes=0)
    except FileTooLarge as error:
        return error.texts
    except HTTPException:
        pass
    return {}


def _read(file_name: str, max_file_bytes: int) -> dict[str, str | Upload]:
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "replace")
    if not 1 <= len(boundary) <= _MAX_BOUNDARY_LENGTH:
        raise BadRequest("The form has no boundary, or one that is too long.")
    decoder = MultipartDecoder(boundary, MAX_BODY_BYTES, max_parts=_MAX_PARTS)
    with spooled(max_file_bytes) as spool:
        parts = _Parts(file_name, spool)
        try:
            for event in _events(decoder, max_file_bytes + MAX_BODY_BYTES):
                parts.take(event)
            return parts.read()
        except ValueError:
            raise BadRequest("The body is no form in UTF-8, or it was cut short.") from None


def check_length(max_bytes: int) -> None:
    """Accept a body of at most ``max_bytes``, by its ``Content-Length``.

    Raises:
        LengthRequired: the body is chunked; a truncated one would look complete.
        RequestEntityTooLarge: the body has more than ``max_bytes``.
    """
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise LengthRequired("Send a file with its Content-Length.")
    if (request.content_length or 0) > max_bytes:
        raise RequestEntityTooLarge(f"The body may have at most {max_bytes} bytes.")


def chunks() -> Iterator[bytes]:
    """Yield the body in chunks of at most 64 KiB.

    Raises:
        BadRequest: the body ends before its ``Content-Length``.
    """
    left = request.content_length or 0
    while chunk := request.stream.read(_BYTES_AT_A_TIME):
        left -= len(chunk)
        yield chunk
    if left > 0:
        raise BadRequest("The body is shorter than announced.")


@define
class Spool:
    """A file that is being received: in memory while it is small, then on disk."""

    _file: IO[bytes]
    _left: int

    def write(self, data: bytes) -> None:
        """Append to the file.

        Raises:
            RequestEntityTooLarge: the file exceeds its limit.
            StorageUnavailable: there is no disk space.
        """
        self._left -= len(data)
        if self._left < 0:
            raise RequestEntityTooLarge("The file is too large.")
        try:
            self._file.write(data)
        except OSError as error:
            raise StorageUnavailable("there is no room for the file") from error

    def content(self) -> bytes:
        """Return the whole file."""
        self._file.seek(0)
        return self._file.read()


@contextmanager
def spooled(max_bytes: int) -> Iterator[Spool]:
    """Provide a temporary file of at most ``max_bytes``, which is deleted after the block."""
    with SpooledTemporaryFile(_BYTES_IN_MEMORY) as file:
        yield Spool(file, max_bytes)


@define
class _Parts:
    """Collects the parts that the decoder yields; of parts with the same name, the first counts."""

    _file_name: str
    _spool: Spool
    _texts: dict[str, io.BytesIO] = field(factory=dict, init=False)
    _filename: str | None = field(default=None, init=False)
    _target: Spool | io.BytesIO | None = field(default=None, init=False)
    _room: int = field(default=MAX_BODY_BYTES, init=False)

    def take(self, event: Event) -> None:
        if isinstance(event, Field | File):
            self._target = self._target_of(event)
        elif isinstance(event, Data) and self._target is not None:
            if self._target is not self._spool:
                self._use_room(len(event.data))
            self._write(self._target, event.data)

    def read(self) -> dict[str, str | Upload]:
        parts: dict[str, str | Upload] = {**self._read_texts()}
        if self._filename is not None:
            upload = Upload(self._filename, self._spool.content())
            # If the user chose no file, browsers send an empty one without a name.
            if upload.filename or upload.content:
                parts[self._file_name] = upload
        return parts

    def _read_texts(self) -> dict[str, str]:
        return {name: text.getvalue().decode() for name, text in self._texts.items()}

    def _write(self, target: Spool | io.BytesIO, data: bytes) -> None:
        try:
            target.write(data)
        except RequestEntityTooLarge:
            raise FileTooLarge(self._read_texts()) from None

    def _target_of(self, part: Field | File) -> Spool | io.BytesIO | None:
        name: str | None = part.name  # Werkzeug's type omits None
        is_file_known = name == self._file_name and self._filename is not None
        if name is None or name in self._texts or is_file_known:
            return None
        if isinstance(part, Field):
            return self._texts.setdefault(name, io.BytesIO())
        if name != self._file_name:
            return None
        self._filename = part.filename
        return self._spool

    def _use_room(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise RequestEntityTooLarge(f"The texts may have at most {MAX_BODY_BYTES} bytes.")


def _events(decoder: MultipartDecoder, max_bytes: int) -> Iterator[Event]:
    for chunk in chunks():
        max_bytes -= len(chunk)
        if max_bytes < 0:
            raise RequestEntityTooLarge("The form is too large.")
        decoder.receive_data(chunk)
        yield from _found(decoder)
    decoder.receive_data(None)
    yield from _found(decoder)


def _found(decoder: MultipartDecoder) -> Iterator[Event]:
    while not isinstance(event := decoder.next_event(), NeedData):
        yield event
        if isinstance(event, Epilogue):
            return
