"""A disk whose free space a test decides."""

from attrs import define

from leadtracker.domain.ports.system import DiskSpace
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor


@define
class MemoryDiskSpace(DiskSpace):
    """A disk with ``free`` bytes; None if they cannot be measured."""

    free: int | None

    def free_bytes(self) -> int | None:
        return self.free


NO_FLOOR = DiskFloor(disk_space=MemoryDiskSpace(0), floor=0)
"""Accepts every file."""
