"""Ending with the parent: a process left behind would keep the port, and nobody would ever stop it."""

import os
import signal
import threading
import time

_POLL_INTERVAL_SECONDS = 0.5


def exit_with_parent() -> None:
    """Let this process stop, as if told to, soon after its parent has died, however it died."""
    threading.Thread(target=_watch, args=(os.getppid(),), name="parent-watchdog", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_INTERVAL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
