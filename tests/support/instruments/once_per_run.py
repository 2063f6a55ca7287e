"""Things that are made once for all workers of a run."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a path in a folder that all workers share; the first one makes it, and the others wait."""
    base = factory.getbasetemp()
    is_worker = base.name.startswith(
        "popen-"
    )  # pytest-xdist gives each worker a folder below that of the run
    shared = base.parent if is_worker else base
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / name).exists():
            make(shared / f"{name}.unfinished")
            (shared / f"{name}.unfinished").rename(shared / name)
    return shared / name
