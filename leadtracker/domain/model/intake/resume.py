"""Resumes: files that prospects send along."""

import hashlib
import unicodedata
from typing import TypeAlias

from attrs import field, frozen

from leadtracker.domain.model.intake.resume_kind import KINDS
from leadtracker.domain.model.text import LONGEST_DECOMPOSITION, MAX_MARKS_IN_A_ROW, normalise

MAX_FILENAME_LENGTH = 200
_STEM = "resume"
_MEANINGLESS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # what cannot be seen, or turns what can be seen around


@frozen(kw_only=True)
class Resume:
    """What is known of a lead's resume without its content.

    Attributes:
        filename: what its sender called it, cleaned; it is shown and never used to find the file.
        content_type: that of its kind.
        sha256: of the content, in hexadecimal digits.
    """

    filename: str
    content_type: str
    size: int
    sha256: str


@frozen
class Upload:
    """A file as it came in, of which nothing has been checked."""

    filename: str
    content: bytes = field(repr=False)


@frozen
class ResumeFile:
    """A resume with its content."""

    resume: Resume
    content: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether the content is the one that was kept."""
        return _measure(self.content) == (self.resume.size, self.resume.sha256)

    @classmethod
    def of(cls, upload: Upload) -> "ResumeFile":
        """The resume that somebody has uploaded.

        Raises:
            ValueError: it is of no kind that is allowed, or not what its name says.
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
        """The resume in a field: an upload, or a text, which is kept as it is even if it is a URL.

        Raises:
            ValueError: with a message for the person who sent it.
        """
        if isinstance(raw, Upload):
            return cls.of(raw)
        if not isinstance(raw, str):
            raise ValueError("must be text or a file")  # noqa: TRY004 - told to whoever sent it
        if not raw.strip():
            return None
        try:
            return cls.of(Upload(f"{_STEM}.txt", raw.encode()))
        except ValueError:  # a lone surrogate or a NUL
            raise ValueError("must not contain control characters") from None


@frozen
class ResumeObject:
    """A resume whose content lies in object storage, under ``key``."""

    resume: Resume
    key: str

    def with_content(self, content: bytes) -> ResumeFile:
        """The resume with what was found under its key.

        Raises:
            ValueError: that is not what was put there.
        """
        file = ResumeFile(self.resume, content)
        if not file.is_whole:
            raise ValueError("the content has changed")
        return file


StoredResume: TypeAlias = ResumeFile | ResumeObject
"""A resume as the database has it: with its content, or with where that is."""


def _measure(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def clean_filename(raw: str) -> str:
    """The name of a file without folders, without what cannot be seen, and not too long.

    Raises:
        ValueError: with a message for the sender, if it has too many combining marks in a row.
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
    """Take the middle out of a name that is far too long; both its beginning and its extension matter."""
    most = LONGEST_DECOMPOSITION * MAX_FILENAME_LENGTH
    return name if len(name) <= most else name[: most // 2] + name[-most // 2 :]


def _extension(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""
