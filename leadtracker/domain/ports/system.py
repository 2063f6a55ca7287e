"""Ports of the machine: time, ids, disk space, modes of files, and the numbering plans of telephones."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Provides the current time, so that tests can choose it and rules get it as an argument."""

    def now(self) -> datetime:
        """Return the current time as an aware UTC timestamp."""
        ...


class IdSource(Protocol):
    """Generates ids, secrets and random numbers, so that tests can choose them."""

    def new_id(self, now: datetime) -> str:
        """Return a new unique id; ids sort by their time, with a resolution of one millisecond."""
        ...

    def secret(self) -> str:
        """Return 256 random bits as URL-safe text."""
        ...

    def fraction(self) -> float:
        """Return a random number ≥ 0 and < 1."""
        ...


class DiskSpace(Protocol):
    """Measures the disks of this machine; those of a database server or of S3 are not among them."""

    def free_bytes(self) -> int | None:
        """Return the free space of the disk that has the least; None if it cannot be measured."""
        ...


class FileModes(Protocol):
    """Looks at the permissions of what the installation keeps on the disks of this machine."""

    def open_to_others(self) -> list[str]:
        """Return the paths of folders and files that every user of this machine may enter, read or write."""
        ...


class PhoneParser(Protocol):
    """Recognises phone numbers by the numbering plans of all countries."""

    def to_e164(self, text: str) -> str | None:
        """Return the number in E.164; None unless all of ``text`` is certainly a phone number."""
        ...
