"""Read ``multipart/form-data`` as a stream: every size is limited, and large files are spooled to disk."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from attrs import define, field
from flask import g, request
from werkzeug.exceptions import BadRequest, HTTPException, LengthRequired, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.leads.lead_file import MAX_FILES, Upload
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES, check_not_compressed
from leadtracker.entrypoints.http.requests.forms import FormDecoder, Texts, decode_texts, group, name_apart

MULTIPART = "multipart/form-data"
_MAX_PARTS = 1_000
# RFC 2046, section 5.1.1, allows 70, but clients exist that send a few more (Werkzeug's up to 74):
# their leads count.
_MAX_BOUNDARY_LENGTH = 200
_BYTES_AT_A_TIME = 64 * 1024
_BYTES_IN_MEMORY = 256 * 1024


Parts = dict[str, str | tuple[str, ...] | Upload | list[str | Upload]]
"""The parts of a form by name; a tuple or, with a file among them, a list of several of the same name."""


class FileTooLarge(RequestEntityTooLarge):
    """A file exceeded its limit; ``texts`` are the form's texts as far as they were read."""

    def __init__(self, filename: str, texts: Texts) -> None:
        super().__init__(f"The file “{clean_filename(filename)}” is too large.")
        self.filename = clean_filename(filename)
        self.texts = texts


def read_parts(max_file_bytes: int, max_files: int = MAX_FILES) -> Parts:
    """Return the parts of a form by name.

    Args:
        max_file_bytes: the maximum size of each file.
        max_files: the contents of further files are not kept, so that they can be rejected by their names.

    Raises:
        BadRequest: the form is malformed or truncated.
        UndecodableForm: its texts are in no encoding that is understood.
        LengthRequired: there is no ``Content-Length``.
        FileTooLarge: a file has more than ``max_file_bytes``.
        RequestEntityTooLarge: the texts have more than MAX_BODY_BYTES, or there are too many parts.
        UnsupportedMediaType: ``Content-Type`` names an unknown charset, or the body is compressed.
        StorageUnavailable: there is no disk space for a file.
    """
    max_bytes = max_files * max_file_bytes + MAX_BODY_BYTES
    check_length(max_bytes)
    return _read(max_file_bytes, max_files, max_bytes)


def read_texts_before_files() -> Texts:
    """Return the texts before the files of a form that is rejected; empty if the form is malformed."""
    try:
        parts = _read(0, 0, request.content_length or 0, ends_at_file=True)
        return {name: part for name, part in parts.items() if isinstance(part, str | tuple)}
    except FileTooLarge as error:
        return error.texts
    except HTTPException:
        pass
    return {}


def _read(max_file_bytes: int, max_files: int, max_bytes: int, *, ends_at_file: bool = False) -> Parts:
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "replace")
    if not 1 <= len(boundary) <= _MAX_BOUNDARY_LENGTH:
        raise BadRequest("The form has no boundary, or one that is too long.")
    decoder = FormDecoder(boundary, MAX_BODY_BYTES, max_parts=_MAX_PARTS)
    with ExitStack() as stack:
        parts = _PartReader(stack, max_file_bytes, max_files, ends_at_file=ends_at_file)
        try:
            for event in _events(decoder, max_bytes):
                parts.take(event)
        except ValueError:
            raise BadRequest("The body is no form, or it was cut short.") from None
        return parts.read()


def check_length(max_bytes: int) -> None:
    """Accept a body of at most ``max_bytes``, by its ``Content-Length``.

    Raises:
        LengthRequired: the body is chunked; a truncated one would look complete.
        RequestEntityTooLarge: the body has more than ``max_bytes``.
        UnsupportedMediaType: the body is compressed.
    """
    check_not_compressed()
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
        g.setdefault("body_start", chunk)
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
class _Part:
    """A part that is being received: a text, or a file with its name.

    Attributes:
        is_kept: false for a file beyond the limit, of which only the name is read.
    """

    name: str
    target: Spool | io.BytesIO
    filename: str | None = None
    is_kept: bool = True
    is_too_large: bool = False


@define
class _PartReader:
    """Collects the parts that the decoder yields."""

    _stack: ExitStack
    _max_file_bytes: int
    _max_files: int
    _ends_at_file: bool = field(kw_only=True)
    _texts: list[_Part] = field(factory=list, init=False)
    _files: list[_Part] = field(factory=list, init=False)
    _current: _Part | None = field(default=None, init=False)
    _room: int = field(default=MAX_BODY_BYTES, init=False)

    def take(self, event: Event) -> None:
        if isinstance(event, Field):
            self._current = self._begin_text(event)
        elif isinstance(event, File):
            self._current = self._begin_file(event)
        elif isinstance(event, Data) and self._current is not None:
            self._write(self._current, event.data)

    def read(self) -> Parts:
        """Return the parts.

        Raises:
            UndecodableForm: the texts are in no encoding that is understood.
            FileTooLarge: a file is too large.
        """
        texts = self._read_texts()
        parts: Parts = {**texts}
        for file in self._files:
            if file.is_too_large:
                raise FileTooLarge(file.filename or "", texts)
            content = file.target.content() if isinstance(file.target, Spool) and file.is_kept else b""
            # If the user chose no file, browsers send an empty one without a name.
            if file.filename or content:
                _add(parts, file.name, Upload(file.filename or "", content, is_excess=not file.is_kept))
        return parts

    def _read_texts(self) -> Texts:
        contents = [
            (text.name, text.target.getvalue()) for text in self._texts if isinstance(text.target, io.BytesIO)
        ]
        return group(decode_texts(name_apart(contents)))

    def _begin_text(self, part: Field) -> _Part | None:
        name: str | None = part.name  # Werkzeug's type omits None
        if name is None:
            return None
        self._texts.append(_Part(name, io.BytesIO()))
        return self._texts[-1]

    def _begin_file(self, part: File) -> _Part | None:
        name: str | None = part.name
        if name is None:
            return None
        if self._ends_at_file:
            raise FileTooLarge(part.filename or "", self._read_texts())
        is_kept = sum(file.is_kept for file in self._files if file.filename) < self._max_files
        spool = self._stack.enter_context(spooled(self._max_file_bytes))
        self._files.append(_Part(name, spool, part.filename, is_kept))
        return self._files[-1]

    def _write(self, part: _Part, data: bytes) -> None:
        if part.filename is None and isinstance(part.target, io.BytesIO):
            self._use_room(len(data))
            part.target.write(data)
        elif part.is_kept and not part.is_too_large:
            try:
                part.target.write(data)
            except RequestEntityTooLarge:
                part.is_too_large = True  # the rest is read without it, so that all texts are known

    def _use_room(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise RequestEntityTooLarge(f"The texts may have at most {MAX_BODY_BYTES} bytes.")


def _add(parts: Parts, name: str, upload: Upload) -> None:
    before = parts.get(name)
    if before is None or before == "":
        parts[name] = upload
    elif isinstance(before, list):
        before.append(upload)
    elif isinstance(before, tuple):
        parts[name] = [*before, upload]
    else:
        parts[name] = [before, upload]


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
