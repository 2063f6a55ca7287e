"""Resumes: files that prospects send with their lead."""

import hashlib
import unicodedata
from typing import TypeAlias

from attrs import field, frozen

from leadtracker.domain.model.values.resume_kind import KINDS
from leadtracker.domain.model.values.text import MAX_DECOMPOSITION_LENGTH, MAX_MARKS_IN_A_ROW, normalise

MAX_FILENAME_LENGTH = 200
_STEM = "resume"
_MEANINGLESS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # invisible characters, and those that reorder text


@frozen(kw_only=True)
class Resume:
    """The metadata of a resume.

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
    """An uploaded file before any validation."""

    filename: str
    content: bytes = field(repr=False)


@frozen
class ResumeFile:
    """A resume and its content."""

    resume: Resume
    content: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """True if the content has the size and hash of the metadata."""
        return _measure(self.content) == (self.resume.size, self.resume.sha256)

    @classmethod
    def of(cls, upload: Upload) -> "ResumeFile":
        """Validate an upload.

        Raises:
            ValueError: its kind is not allowed, or its content does not match its name; the message is for
                its sender.
        """
        filename = clean_filename(upload.filename)
        kind = KINDS.get(_extension(filename))
        if kind is None:
            raise ValueError(f"must be a file whose name ends in {', '.join(KINDS)}")
        if not upload.content:
            raise ValueError("must not be empty")
        if not kind.fits(upload.content):
            raise ValueError(f"is not the {kind.extension} file that its name promises")
        size, digest = _measure(upload.content)
        resume = Resume(filename=filename, content_type=kind.content_type, size=size, sha256=digest)
        return cls(resume, upload.content)

    @classmethod
    def read(cls, raw: object) -> "ResumeFile | None":
        """Validate the value of an input field.

        Args:
            raw: an upload, or a text, which becomes a text file; a URL is never fetched.

        Returns:
            The resume; None for blank text.

        Raises:
            ValueError: the value is invalid; the message is for its sender.
        """
        if isinstance(raw, Upload):
            return cls.of(raw)
        if not isinstance(raw, str):
            raise ValueError("must be text or a file")  # noqa: TRY004 - a message for the sender
        if not raw.strip():
            return None
        try:
            return cls.of(Upload(f"{_STEM}.txt", raw.encode()))
        except ValueError:  # a lone surrogate or a NUL
            raise ValueError("must not contain control characters") from None


@frozen
class ResumeObject:
    """A resume whose content is in the object storage, under ``key``."""

    resume: Resume
    key: str

    def with_content(self, content: bytes) -> ResumeFile:
        """Return the resume with the content that was loaded by its key.

        Raises:
            ValueError: the content has changed.
        """
        file = ResumeFile(self.resume, content)
        if not file.is_whole:
            raise ValueError("the content has changed")
        return file


StoredResume: TypeAlias = ResumeFile | ResumeObject
"""A resume as the database stores it: with its content or with the key of its object."""


def _measure(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def clean_filename(raw: str) -> str:
    """Return a file name without folders and invisible characters, at most MAX_FILENAME_LENGTH long.

    Raises:
        ValueError: it has too many combining marks in a row; the message is for its sender.
    """
    name = _cut(raw.replace("\\", "/").rpartition("/")[2])
    try:
        name = normalise(name, "NFC")
    except ValueError:
        message = f"must have a file name with at most {MAX_MARKS_IN_A_ROW} combining marks in a row"
        raise ValueError(message) from None
    visible = "".join(char for char in name if unicodedata.category(char) not in _MEANINGLESS)
    stem, dot, extension = visible.rstrip(" .").rpartition(".")
    extension = extension[:MAX_FILENAME_LENGTH]
    stem = stem.strip(" .")[: max(MAX_FILENAME_LENGTH - len(extension) - 1, 0)]
    return f"{stem or _STEM}.{extension}"[:MAX_FILENAME_LENGTH] if dot else extension or _STEM


def _cut(name: str) -> str:
    """Remove the middle of a name that is far too long; its beginning and its extension matter."""
    most = MAX_DECOMPOSITION_LENGTH * MAX_FILENAME_LENGTH
    return name if len(name) <= most else name[: most // 2] + name[-most // 2 :]


def _extension(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""
