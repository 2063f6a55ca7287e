"""Run a server for one test run, and remove all its files afterwards.

A supervisor is a separate process that holds a connection to the pytest process which started the run and
listens on a port. However that process ends, finished, by Ctrl-C or by `kill -9`, the connection ends with
it, and the supervisor stops its server and deletes its folder. It uses the standard library only, to start
fast. `postgres_supervisor` and `s3_supervisor` say which servers there are.
"""

import contextlib
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

Serve = Callable[[str, Path], AbstractContextManager[str]]
"""Runs a server, given its programs and a folder, and gives what its users must know."""


def main(serve: Serve) -> None:
    """Supervise in the background; the arguments of this process are PROGRAMS FOLDER PORT."""
    if os.fork():
        os._exit(0)  # the worker that started the supervisor continues at once and has no child to reap
    os.setsid()  # Ctrl-C at the terminal is pytest's alone
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with contextlib.suppress(ConnectionRefusedError):  # the run is over already
        _supervise(serve, sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))


def _supervise(serve: Serve, programs: str, folder: Path, port: int) -> None:
    """Serve until the run ends. Each worker starts a supervisor; the one that makes the folder stays."""
    with socket.create_connection(("127.0.0.1", port)) as run:
        try:
            folder.mkdir()
        except FileExistsError:
            return
        try:
            _publish_and_wait(serve, programs, folder, run)
        finally:
            shutil.rmtree(folder)


def _publish_and_wait(serve: Serve, programs: str, folder: Path, run: socket.socket) -> None:
    """Notify the workers by a file, `ready` or `failed`; then wait for the end of the run."""
    with contextlib.ExitStack() as stack:
        try:
            published = stack.enter_context(serve(programs, folder))
        except (LookupError, OSError, RuntimeError) as error:
            log = folder / "log"
            _publish(folder / "failed", f"{error}\n{log.read_text() if log.exists() else ''}")
        else:
            _publish(folder / "ready", published)
        with contextlib.suppress(ConnectionError):
            run.recv(1)


def _publish(path: Path, text: str) -> None:
    """Write a file atomically, so that readers never see a part of it."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)
