"""Contents of files in a folder."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.ports.leads.object_store import ObjectStore

_KEY = re.compile(r"[\w-]{1,100}", re.ASCII)


class FolderObjectStore(ObjectStore):
    """Stores each object as one file with mode 0600; creates the folder when it is first needed.

    A file has its key as its name from the start, so that ``delete`` also removes what a crash has left.
    Unlike other stores, a folder has no time limit.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        with _translated_errors():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
            try:
                _write(descriptor, content)
                _sync_folder(self._folder)
            except OSError:
                path.unlink(missing_ok=True)  # the disk may be full
                raise

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        with _translated_errors():
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _translated_errors():
            path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            message = "no key of this program"  # such as ../x: someone else has written it into the database
            raise ValueError(message)
        return self._folder / key


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # The cause, which may name the path, is for the operator only.
        message = "the folder of resumes cannot do this now"
        raise ResumeStorageUnavailable(message) from error


def _write(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new directory entry durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
