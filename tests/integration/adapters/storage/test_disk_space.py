"""The free space of real disks."""

import shutil
from pathlib import Path

from leadtracker.adapters.system.disk_space import FolderDiskSpace


def test_free_space_of_a_folder_that_does_not_exist_is_that_of_its_disk(tmp_path: Path) -> None:
    measured = FolderDiskSpace([tmp_path / "new" / "folder"]).free_bytes()
    assert measured is not None
    assert abs(measured - shutil.disk_usage(tmp_path).free) < 100_000_000  # other programs use the disk, too


def test_fullest_disk_counts(tmp_path: Path) -> None:
    measured = FolderDiskSpace([tmp_path, Path("/proc/self")]).free_bytes()  # an empty file system
    assert measured == shutil.disk_usage("/proc").free == 0
