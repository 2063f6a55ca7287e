"""The folder in which the worker processes of a web server count requests; see ``http/metrics.py``."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "leadtracker-metrics-"


@contextmanager
def metrics_folder() -> Iterator[Path]:
    """Create a temporary folder for the block, after removing those of killed servers.

    Each server locks its folder; the system releases the lock when the server ends, however it ends.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError), _locked(folder):  # in use, or another user's
            shutil.rmtree(folder)
    new = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}"))
    with _locked(new):
        folder = new.rename(new.with_name(new.name.removeprefix(".")))  # visible to others only when locked
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
