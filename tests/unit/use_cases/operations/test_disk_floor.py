"""Below the floor of free disk space, leads are stored without their files."""

import pytest

from leadtracker.domain.use_cases.files.disk_floor import SIZE_OF_TEXTS, DiskFloor
from tests.support.memory.system import MemoryDiskSpace

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("free", "size", "has_room"),
    [
        (100 * MIB, MIB, True),
        (11 * MIB, MIB, True),
        (11 * MIB - 1, MIB, False),
        (0, SIZE_OF_TEXTS, True),
        (0, SIZE_OF_TEXTS + 1, False),
        (None, MIB, True),
    ],
)
def test_files_must_leave_the_floor(free: int | None, size: int, *, has_room: bool) -> None:
    assert DiskFloor(disk_space=MemoryDiskSpace(free), floor=10 * MIB).has_room(size) is has_room


def test_without_a_floor_every_file_is_accepted() -> None:
    assert DiskFloor(disk_space=MemoryDiskSpace(0), floor=0).has_room(100 * MIB)
