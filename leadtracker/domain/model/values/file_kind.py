"""The kinds of files that prospects may send, recognised by their content.

Of a ZIP file only the directory is read, up to a limit, and the manifest of an OpenDocument file.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from types import MappingProxyType

from attrs import frozen

from leadtracker.domain.model.values.compound_file import MAGIC, CompoundFile
from leadtracker.domain.model.values.encodings.text_encoding import UTF16_MARKS, UndecodableText, encoding_of

_MAX_DIRECTORY_BYTES = 256 * 1024
_MAX_MANIFEST_BYTES = 1024 * 1024
_WHITE_SPACE = b"\xef\xbb\xbf \t\r\n"  # with the byte order mark
_PDF, _PDF_START_BYTES = b"%PDF-", 1024  # readers accept what printers and mail programs put before it
_PROSE_START_BYTES = 4096
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
_MANIFEST = "META-INF/manifest.xml"
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Every OpenDocument file begins with this entry, neither compressed nor encrypted.
_OPEN_DOCUMENT_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ENTRY_NAME_AT = 30


@frozen
class FileKind:
    """One kind of file.

    Attributes:
        content_type: the media type of its downloads, independent of what the sender declared.
        fits: returns True if a content can be of this kind.
    """

    extension: str
    content_type: str
    fits: Callable[[bytes], bool]


class _Directory(io.BytesIO):
    """A ZIP file that limits how many bytes can be read."""

    _left = _MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(self._left + 1 if size is None or size < 0 else size)
        self._left -= len(data)
        if self._left < 0:
            raise zipfile.BadZipFile("the directory is larger than that of any document")
        return data


def kind_of(content: bytes) -> FileKind | None:
    """Return the kind of a content, whatever its name is; None if it is of none."""
    return next((kind for kind in KINDS.values() if kind.fits(content)), None)


def is_password_protected(content: bytes) -> bool:
    """Return True for an Office document that only its password opens."""
    if content.startswith(MAGIC):
        return CompoundFile.of(content).is_encrypted
    return content.startswith(_OPEN_DOCUMENT_TEXT, _ENTRY_NAME_AT) and _is_encrypted_odt(content)


def _is_pdf(content: bytes) -> bool:
    start = content[: _PDF_START_BYTES + len(_PDF)]
    before = start.partition(_PDF)[0].lower()
    return (
        _PDF in start and b"<html" not in before and b"<!doctype" not in before and b"<script" not in before
    )


def _is_docx(content: bytes) -> bool:
    names = _names_in_zip(content)
    is_word = any(name.startswith("word/document") and name.endswith(".xml") for name in names)
    return "[Content_Types].xml" in names and is_word


def _is_odt(content: bytes) -> bool:
    has_type = content.startswith(_OPEN_DOCUMENT_TEXT, _ENTRY_NAME_AT)
    return has_type and "content.xml" in _names_in_zip(content)


def _is_encrypted_odt(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(_Directory(content)) as archive:
            if "encrypted-package" in archive.namelist():
                return True
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_MANIFEST) as manifest:
            return b"encryption-data" in manifest.read(_MAX_MANIFEST_BYTES)
    except _DAMAGED:
        return False


def _is_doc(content: bytes) -> bool:
    return content.startswith(MAGIC) and not CompoundFile.of(content).is_of_other_program


def _is_rtf(content: bytes) -> bool:
    return content[:1024].lstrip(_WHITE_SPACE).startswith(b"{\\rtf")


def _is_jpg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n")


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content.startswith(b"WEBP", 8)


def _is_heic(content: bytes) -> bool:
    return content.startswith(b"ftyp", 4) and content[8:12] in _HEIF_BRANDS


def _is_txt(content: bytes) -> bool:
    if b"\0" in content and not content.startswith(UTF16_MARKS):
        return False
    try:
        return bool(encoding_of(content))
    except UndecodableText:
        return False


def is_prose(content: bytes) -> bool:
    """Return True for a text that is no markup and, unlike damaged files, has no control characters."""
    start = content[:_PROSE_START_BYTES].lstrip()
    return _is_txt(content) and not start.startswith(b"<") and not _CONTROLS.search(start.replace(b"\0", b""))


def _names_in_zip(content: bytes) -> set[str]:
    if not content.startswith(b"PK\x03\x04"):
        return set()
    try:
        with zipfile.ZipFile(_Directory(content)) as archive:
            return set(archive.namelist())
    except _DAMAGED:
        return set()


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError, OverflowError)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = MappingProxyType(
    {
        kind.extension: kind
        for kind in (
            FileKind("pdf", "application/pdf", _is_pdf),
            FileKind("docx", _WORD, _is_docx),
            FileKind("doc", "application/msword", _is_doc),
            FileKind("odt", "application/vnd.oasis.opendocument.text", _is_odt),
            FileKind("rtf", "application/rtf", _is_rtf),
            FileKind("jpg", "image/jpeg", _is_jpg),
            FileKind("png", "image/png", _is_png),
            FileKind("webp", "image/webp", _is_webp),
            FileKind("heic", "image/heic", _is_heic),
            FileKind("txt", "text/plain", _is_txt),  # last: a PDF or RTF file may be plain text, too
        )
    }
)
_OTHER_EXTENSIONS = {"jpeg": "jpg", "jfif": "jpg", "heif": "heic"}
EXTENSIONS = (*KINDS, *_OTHER_EXTENSIONS)
"""The extensions that file names may have, in lower case."""


def kind_named(extension: str) -> FileKind | None:
    """Return the kind that the extension of a name promises; None for any other extension."""
    lower = extension.lower()
    return KINDS.get(_OTHER_EXTENSIONS.get(lower, lower))
