"""The floor of free disk space, below which leads are stored without their files."""

from attrs import frozen

from leadtracker.domain.ports.system import DiskSpace

SIZE_OF_TEXTS = 64 * 1024
"""Files that are no larger than the texts of a lead may be are stored in any case."""

_MIB = 1024 * 1024


@frozen(kw_only=True)
class DiskFloor:
    """Keeps the last free space for leads, which are small, and rejects files.

    Files fill a disk within the limits of each client. A full disk would stop the intake.

    Args:
        disk_space: measures what is free.
        floor: the free bytes that files must leave; 0 for no floor.
    """

    _disk_space: DiskSpace
    _floor: int

    def has_room(self, size: int = SIZE_OF_TEXTS + 1) -> bool:
        """Check whether files of ``size`` bytes in all may be stored."""
        if not self._floor or size <= SIZE_OF_TEXTS:
            return True
        free = self._disk_space.free_bytes()
        return free is None or free - size >= self._floor

    @property
    def detail(self) -> str:
        """A sentence about the free space, for operators."""
        free = self._disk_space.free_bytes()
        if free is None:
            return "the free space is not known"
        return f"{free // _MIB} MiB are free; files are accepted above {self._floor // _MIB} MiB"
