"""Running several commands as one: all start together, and the end of one is the end of all."""

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
    """Run ``leadtracker <command>`` for each until told to stop; False if one ended by itself.

    Children live in sessions of their own, so that a Ctrl-C reaches them once, through here. They end by
    themselves if this process is killed.
    """
    stop = Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    children = [_start(command) for command in commands]
    # Not stop.wait(): a signal that comes while it holds the event's lock would wait for that lock for ever.
    while not stop.is_set() and all(child.poll() is None for child in children):
        time.sleep(_POLL_INTERVAL_SECONDS)
    for child, command in zip(children, commands, strict=True):
        if child.poll() is not None:
            log = structlog.get_logger(__name__)
            log.error("ended by itself; stopping the rest", command=command, status=child.returncode)
    _stop(children)
    return stop.is_set()


def _start(command: str) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, "-m", "leadtracker", command, "--exit-with-parent"]
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
