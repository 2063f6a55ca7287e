"""The modes of the files of an installation: who else on this machine could read them."""

import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from attrs import frozen

from leadtracker.domain.ports.system import FileModes

_MAX_FILES = 1_000  # of a folder; one of many mails is enough for the advice


@frozen
class LocalFileModes(FileModes):
    """Looks at files, and at folders with what is in them and in their sub-folders."""

    _paths: Collection[Path]

    def open_to_others(self) -> list[str]:
        reachable = (path for path in self._paths if all(map(_is_open, path.parents)))
        found = (open_path for path in reachable for open_path in _open_paths(path))
        return list(dict.fromkeys(str(path) for path in found))


def _is_open(folder: Path) -> bool:
    try:
        return bool(folder.stat().st_mode & stat.S_IXOTH)
    except OSError:
        return False


def _open_paths(path: Path) -> Iterator[Path]:
    """Yield a path that is open to others, and what is open in it; nothing in a closed folder."""
    try:
        if path.is_symlink() or not path.stat().st_mode & stat.S_IRWXO:
            return
        entries = sorted(path.iterdir())[:_MAX_FILES] if path.is_dir() else []
    except OSError:  # there is no such file, or this user may not look into it
        return
    yield path
    for entry in entries:
        yield from _open_paths(entry)
