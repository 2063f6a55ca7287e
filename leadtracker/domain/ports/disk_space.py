"""Port: the free space of the disks on which this installation stores data."""

from typing import Protocol


class DiskSpace(Protocol):
    """Measures the disks of this machine; those of a database server or of S3 are not among them."""

    def free_bytes(self) -> int | None:
        """Return the free space of the disk that has the least; None if it cannot be measured."""
        ...
