"""Names of files that prospects send: for display only, never paths."""

import unicodedata

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.text import MAX_DECOMPOSITION_LENGTH, MAX_MARKS_IN_A_ROW, normalise

MAX_FILENAME_LENGTH = 200
DEFAULT_STEM = "resume"
_MEANINGLESS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # invisible characters, and those that reorder text


def clean_filename(raw: str) -> str:
    """Return a file name without folders and invisible characters, at most MAX_FILENAME_LENGTH long.

    Raises:
        ValueError: it has too many combining marks in a row; the message is for its sender.
    """
    name = _cut(raw.replace("\\", "/").rpartition("/")[2])
    try:
        name = normalise(name, "NFC")
    except ValueError:
        raise InvalidValue("file-name", max=MAX_MARKS_IN_A_ROW) from None
    visible = "".join(char for char in name if unicodedata.category(char) not in _MEANINGLESS)
    stem, dot, extension = visible.rstrip(" .").rpartition(".")
    extension = extension[:MAX_FILENAME_LENGTH]
    stem = stem.strip(" .")[: max(MAX_FILENAME_LENGTH - len(extension) - 1, 0)]
    return f"{stem or DEFAULT_STEM}.{extension}"[:MAX_FILENAME_LENGTH] if dot else extension or DEFAULT_STEM


def _cut(name: str) -> str:
    """Remove the middle of a name that is far too long; its beginning and its extension matter."""
    most = MAX_DECOMPOSITION_LENGTH * MAX_FILENAME_LENGTH
    return name if len(name) <= most else name[: most // 2] + name[-most // 2 :]


def extension_of(filename: str) -> str:
    """Return the extension of a cleaned name in lower case, without its dot; empty if it has none."""
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def with_extension(filename: str, extension: str) -> str:
    """Return a cleaned name with another extension."""
    stem = filename.rpartition(".")[0] if "." in filename else filename
    return f"{stem[: MAX_FILENAME_LENGTH - len(extension) - 1]}.{extension}"
