"""The kinds of files that a resume may be; a file's content must match the extension of its name.

Nothing is decompressed: of a ZIP file only the directory is read, up to a limit.
"""

import codecs
import io
import zipfile
from collections.abc import Callable
from types import MappingProxyType

from attrs import frozen

_MAX_DIRECTORY_BYTES = 256 * 1024
_BYTES_AT_A_TIME = 64 * 1024
_WHITE_SPACE = b"\xef\xbb\xbf \t\r\n"  # with the byte order mark
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
# Every OpenDocument file begins with this entry, neither compressed nor encrypted.
_OPEN_DOCUMENT_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ENTRY_NAME_AT = 30


@frozen
class ResumeKind:
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


def _is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip(_WHITE_SPACE).startswith(b"%PDF-")


def _is_docx(content: bytes) -> bool:
    names = _names_in_zip(content)
    is_word = any(name.startswith("word/document") and name.endswith(".xml") for name in names)
    return "[Content_Types].xml" in names and is_word


def _is_odt(content: bytes) -> bool:
    has_type = content.startswith(_OPEN_DOCUMENT_TEXT, _ENTRY_NAME_AT)
    return has_type and "content.xml" in _names_in_zip(content)


def _is_doc(content: bytes) -> bool:
    return content.startswith(_COMPOUND_FILE)


def _is_rtf(content: bytes) -> bool:
    return content[:1024].lstrip(_WHITE_SPACE).startswith(b"{\\rtf")


def _is_txt(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(view), _BYTES_AT_A_TIME):
            decoder.decode(view[start : start + _BYTES_AT_A_TIME])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _names_in_zip(content: bytes) -> set[str]:
    if not content.startswith(b"PK\x03\x04"):
        return set()
    try:
        with zipfile.ZipFile(_Directory(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return set()


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = MappingProxyType(
    {
        kind.extension: kind
        for kind in (
            ResumeKind("pdf", "application/pdf", _is_pdf),
            ResumeKind("docx", _WORD, _is_docx),
            ResumeKind("doc", "application/msword", _is_doc),
            ResumeKind("odt", "application/vnd.oasis.opendocument.text", _is_odt),
            ResumeKind("rtf", "application/rtf", _is_rtf),
            ResumeKind("txt", "text/plain", _is_txt),
        )
    }
)
