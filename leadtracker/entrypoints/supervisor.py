"""Run several commands as one: all start together, and when one ends, all end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from threading import Event
from types import FrameType

import structlog

_STOP_TIMEOUT_SECONDS = 30
_POLL_INTERVAL_SECONDS = 0.2


def supervise(*commands: str) -> bool:
    """Run ``leadtracker <command>`` for each command until SIGINT or SIGTERM.

    Each child has its own process group, so that Ctrl-C reaches it once, through this process. Children exit
    when this process is killed, and leave warnings about settings to it (``--exit-with-parent``).

    Returns:
        True after a signal, False if a command ended before.
    """
    stop = Event()

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    children = [_start(command) for command in commands]
    # Not stop.wait(): a signal that arrives while it holds the event's lock would wait for that lock forever.
    while not stop.is_set() and all(child.poll() is None for child in children):
        time.sleep(_POLL_INTERVAL_SECONDS)
    for child, command in zip(children, commands, strict=True):
        if child.poll() is not None:
            log = structlog.get_logger(__name__)
            log.error("command ended; stopping the others", command=command, status=child.returncode)
    _stop(children)
    return stop.is_set()


def _start(command: str) -> "subprocess.Popen[bytes]":
    parent = f"--exit-with-parent={os.getpid()}"
    arguments = [sys.executable, "-m", "leadtracker", parent, command]
    return subprocess.Popen(arguments, start_new_session=True)  # noqa: S603 - our own program


def _stop(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
