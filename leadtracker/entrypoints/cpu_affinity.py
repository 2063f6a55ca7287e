"""A core of its own for each worker process.

Python runs one thread of a process at a time. Where several cores may run them, each of the many changes
between threads wakes another core, whose caches know nothing of what the thread before has just used.
"""

import fcntl
import os
import random
from contextlib import suppress
from itertools import count
from pathlib import Path


def pin_to_core(folder: Path) -> None:
    """Keep this process, and the threads it will have, to the core that the fewest of its siblings keep to.

    Siblings tell each other by locked files in ``folder``, which whoever ends lets go of, however it ends.
    Does nothing where the system knows no such thing.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = list(os.sched_getaffinity(0))
    random.shuffle(cores)  # another server on this host should not choose the same
    core = next(core for position in count() for core in cores if _take(folder / f"core-{core}-{position}"))
    with suppress(OSError):  # it may be forbidden, or the core be gone; and it is for speed only
        os.sched_setaffinity(0, {core})


def _take(path: Path) -> bool:
    """Lock a file for as long as this process runs; False if another one has done that."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True
