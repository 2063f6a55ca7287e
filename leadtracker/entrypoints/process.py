"""Process-level set-up: imports without garbage collection, exit with the parent, CPU pinning."""

import fcntl
import gc
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

_POLL_INTERVAL_SECONDS = 0.5


@contextmanager
def imports_without_gc() -> Iterator[None]:
    """Import modules within the block without garbage collection, then exempt what they made from it.

    Modules stay as long as the process. To scan them again and again takes a sixth of the start time, and
    later writes to every page of their memory, which worker processes would then have to copy.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def exit_with_parent(parent: int) -> None:
    """Send this process SIGTERM soon after its parent has died.

    A process left behind would keep the port, and no supervisor would ever stop it.

    Args:
        parent: the id of the process that has started this one, as that process knows it. To ask for it here
            would be too late if the parent has died before.
    """
    threading.Thread(target=_watch, args=(parent,), name="parent-watchdog", daemon=True).start()


def let_sigterm_end_children() -> None:
    """Give processes that are forked from now on the default action for SIGTERM.

    They would inherit the handler of this process, which does nothing for them: a SIGTERM that arrives before
    a child has set its own handler would be lost, and the child would stay.
    """
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))


def pin_to_core(folder: Path) -> None:
    """Pin this process and its future threads to the core with the fewest of its siblings.

    Python runs one thread of a process at a time. On several cores each switch between threads wakes another
    core, whose caches hold nothing of what the thread before has just used (decision 24). Has no effect where
    the operating system has no CPU affinity, such as macOS.

    Args:
        folder: holds one locked file per sibling; the system releases a lock when its process ends.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = list(os.sched_getaffinity(0))
    random.shuffle(cores)  # another server on this host should not choose the same core first
    core = next(core for number in count() for core in cores if _lock(folder / f"core-{core}-{number}"))
    with suppress(OSError):  # forbidden, or the core has gone offline: pinning only makes things faster
        os.sched_setaffinity(0, {core})


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_INTERVAL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _lock(path: Path) -> bool:
    """Lock a file for the lifetime of this process; False if another process has locked it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True
