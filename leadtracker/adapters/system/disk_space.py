"""The free space of the disks that hold some folders."""

import shutil
from collections.abc import Collection
from pathlib import Path

from attrs import frozen

from leadtracker.domain.ports.system import DiskSpace


@frozen
class FolderDiskSpace(DiskSpace):
    """Measures the disks of folders; of one that does not exist yet, the disk on which it will be made.

    Of no folder at all nothing is known.
    """

    _folders: Collection[Path]

    def free_bytes(self) -> int | None:
        try:
            return min((shutil.disk_usage(_existing(folder)).free for folder in self._folders), default=None)
        except OSError:
            return None


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())
