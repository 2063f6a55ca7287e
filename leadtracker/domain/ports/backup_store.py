"""Port: the whole store in one file, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from attrs import frozen


@frozen
class BackupManifest:
    """What a file holds.

    Attributes:
        version: of the program that wrote it.
        kind: of the database it was written from.
        migrations: the steps its schema had taken.
        rows: how many rows each table has.
        objects: how many resumes it has of those that lie in an object storage.
        missing: how many more of them there should be: not found where they were put, or replaced meanwhile.
    """

    version: str
    kind: str
    made_at: datetime
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    objects: int
    missing: int


class BackupStore(Protocol):
    """Saves and restores everything that is stored, resumes included; settings and secrets stay outside."""

    def save(self, path: str, now: datetime) -> BackupManifest:
        """Write everything, as it is at one moment, into a file for the owner's eyes only.

        Others may go on working; only a resume in an object storage may be erased or replaced before it is
        read, and is not in the file then. The file comes into being whole, or not at all.

        Raises:
            ResumeStorageUnavailable: resumes are in an object storage that does not answer or is not set up.
            OSError: the file cannot be written.
        """
        ...

    def restore(self, path: str, *, force: bool) -> BackupManifest:
        """Put the content of a file in place of everything that is stored; all of it or nothing.

        The file is checked first, and what was read from it once more before it takes its place. Resumes go
        back into the object storage before; what fails then leaves at most some that the next try will find.

        Args:
            path: the file.
            force: whether a store that is not empty may be overwritten.

        Raises:
            RestoreRejected: the file is damaged or of another version, the store is not empty, or in use, or
                there is no object storage for the resumes that lay in one.
            ResumeStorageUnavailable: the object storage cannot take them now.
            OSError: the file cannot be read.
        """
        ...
