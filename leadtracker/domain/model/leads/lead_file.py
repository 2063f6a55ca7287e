"""The files of a lead: a resume and attachments, which prospects send with their lead."""

import hashlib
import json
from collections.abc import Sequence
from typing import TypeAlias

from attrs import asdict, field, frozen

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.file_kind import (
    EXTENSIONS,
    FileKind,
    is_password_protected,
    is_prose,
    kind_named,
    kind_of,
)
from leadtracker.domain.model.values.filename import (
    DEFAULT_STEM,
    clean_filename,
    extension_of,
    with_extension,
)

RESUME_ID = "resume"
"""The id of a lead's resume among its files."""

MAX_FILES = 5
"""The maximum number of files of a submission, the resume included."""


@frozen(kw_only=True)
class FileMetadata:
    """The metadata of a file.

    Attributes:
        filename: the sender's name for the file, cleaned; for display only, never a path.
        content_type: the media type of its kind.
        size: of the content, in bytes.
        sha256: of the content, in hex.
    """

    filename: str
    content_type: str
    size: int
    sha256: str


@frozen
class Upload:
    """An uploaded file before any validation.

    Attributes:
        is_excess: true for a file beyond MAX_FILES, whose content was not kept.
    """

    filename: str
    content: bytes = field(repr=False)
    is_excess: bool = False

    @property
    def sha256(self) -> str:
        """The hash of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@frozen
class LeadFile:
    """A file and its content."""

    metadata: FileMetadata
    content: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """True if the content has the size and hash of the metadata."""
        return _measure(self.content) == (self.metadata.size, self.metadata.sha256)

    @classmethod
    def of(cls, upload: Upload) -> "LeadFile":
        """Validate an upload; a content of another allowed kind than its name promises gets its true name.

        Raises:
            ValueError: its kind is not allowed; the message is for its sender and names the file.
        """
        filename = clean_filename(upload.filename)
        kind = _kind(filename, upload.content)
        if kind_named(extension_of(filename)) is not kind:
            filename = with_extension(filename, kind.extension)
        size, digest = _measure(upload.content)
        metadata = FileMetadata(filename=filename, content_type=kind.content_type, size=size, sha256=digest)
        return cls(metadata, upload.content)

    @classmethod
    def read(cls, raw: object) -> "LeadFile | None":
        """Validate the value of an input field.

        Args:
            raw: an upload, or a text, which becomes a text file; a URL is never fetched.

        Returns:
            The file; None for blank text.

        Raises:
            ValueError: the value is invalid; the message is for its sender.
        """
        if isinstance(raw, Upload):
            return cls.of(raw)
        if not isinstance(raw, str):
            raise InvalidValue("not-text-or-file")
        if not raw.strip():
            return None
        try:
            return cls.of(Upload(f"{DEFAULT_STEM}.txt", raw.encode()))
        except ValueError:  # a lone surrogate or a NUL
            raise InvalidValue("control-characters") from None


@frozen
class Attachment:
    """A file that came with a lead besides its resume; ``id`` is unique among the files of the lead."""

    id: str
    metadata: FileMetadata


def attachments_to_json(attachments: Sequence[Attachment]) -> str:
    """Return attachments as JSON for ``attachments_from_json``."""
    return json.dumps([{"id": one.id, **asdict(one.metadata)} for one in attachments], ensure_ascii=False)


def attachments_from_json(text: str | None) -> tuple[Attachment, ...]:
    """Return the attachments that ``attachments_to_json`` wrote; none without a text."""
    if not text:  # most leads: to read "[]" would take a tenth of the time of an API page
        return ()
    return tuple(Attachment(one.pop("id"), FileMetadata(**one)) for one in json.loads(text))


@frozen
class FileObject:
    """A file whose content is in the object storage, under ``key``."""

    metadata: FileMetadata
    key: str

    def with_content(self, content: bytes) -> LeadFile:
        """Return the file with the content that was loaded by its key.

        Raises:
            ValueError: the content has changed.
        """
        file = LeadFile(self.metadata, content)
        if not file.is_whole:
            raise ValueError("the content has changed")
        return file


StoredFile: TypeAlias = LeadFile | FileObject
"""A file as the database stores it: with its content or with the key of its object."""


def _measure(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def _kind(filename: str, content: bytes) -> FileKind:
    """Return the kind of a file by its content and its name.

    Raises:
        ValueError: it is of no allowed kind; the message is for its sender and names the file.
    """
    extension = extension_of(filename)
    promised, found = kind_named(extension), kind_of(content)
    if promised is None and (extension or not found or found.extension == "txt"):
        raise InvalidValue("file-kind", file=filename, kinds=", ".join(EXTENSIONS))
    if not content:
        raise InvalidValue("file-empty", file=filename)
    if is_password_protected(content):
        raise InvalidValue("file-protected", file=filename)
    if promised and promised.fits(content) and promised.extension != "txt":
        return promised
    is_other_text = promised and found and found.extension == "txt" != promised.extension
    if found is None or (is_other_text and not is_prose(content)):
        name = promised.extension if promised else ""
        raise InvalidValue("file-mismatch", file=filename, kind=name)
    return found
