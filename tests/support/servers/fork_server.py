"""Starts the program from a process that has loaded it: loading is most of a start's processor time.

Each process is a fork of that one, and runs ``python -m leadtracker`` from its first line to the end of the
interpreter. It differs from a process that a shell starts in two things: its modules are loaded already, and
``ps`` shows another command line. Tests of starts themselves do not use it.

The server is a child of the tests, and ends with them. A request is a message with four files: standard
input, output and error, and a socket over which the server reports the process id and, later, the status.
"""

import atexit
import importlib
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

import orjson
from attrs import define, field, frozen

# All but the first are imported on first use.
_MODULES = ("main", "server", "supervisor", "http.app", "scheduler.loop")
# Must be set while the library of metrics is loaded; a web server sets it again.
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_MAX_MESSAGE_BYTES = 1 << 17
_FILES = 4


@define
class ForkedProcess:
    """A process that the fork server has started, with the methods of ``subprocess.Popen`` that tests use."""

    pid: int
    _report: socket.socket
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while the process runs."""
        return self._receive(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process ends, and return its exit status.

        Raises:
            subprocess.TimeoutExpired: it still runs after ``timeout`` seconds.
        """
        status = self._receive(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("leadtracker", timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _receive(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], seconds)[0]:
            self.returncode = int(_received(self._report))
            self._report.close()
        return self.returncode


@frozen
class ForkServer:
    """A running fork server."""

    _process: "subprocess.Popen[bytes]"
    _requests: socket.socket

    def close(self) -> None:
        """End the server; processes that it has started continue."""
        self._requests.close()
        self._process.wait()

    def start(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        files: tuple[IO[bytes], IO[bytes], IO[bytes]],
    ) -> ForkedProcess:
        """Start ``leadtracker`` with these arguments, in a folder, with standard input, output and error."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            message = orjson.dumps([list(arguments), str(folder), dict(environment)])
            numbers = [*(file.fileno() for file in files), theirs.fileno()]
            socket.send_fds(self._requests, [message], numbers)
        return ForkedProcess(int(_received(ours)), ours)


@cache
def fork_server(python_path: str) -> ForkServer:
    """Return the fork server of this process, which loads the program from the folders of ``PYTHONPATH``."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "PYTHONPATH": python_path,
                _METRICS_FOLDER: "unused",
            },
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    server = ForkServer(process, ours)
    atexit.register(server.close)
    return server


def _received(report: socket.socket) -> bytes:
    message = report.recv(_MAX_MESSAGE_BYTES)
    if not message:
        raise ConnectionError("the fork server has ended")
    return message


def _serve(requests: socket.socket) -> tuple[bytes, list[int]] | None:
    """Fork for each request; return it in the new process, and None at the end of the tests."""
    reports: dict[int, socket.socket] = {}
    woken, wakes = socket.socketpair()
    wakes.settimeout(0)  # as signals demand
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests decide when it ends
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno())
    while True:
        ready, _, _ = select.select([requests, woken], [], [])
        if woken in ready:
            woken.recv(_MAX_MESSAGE_BYTES)
            _report_ended(reports)
        if requests not in ready:
            continue
        message, numbers, _, _ = socket.recv_fds(requests, _MAX_MESSAGE_BYTES, _FILES)
        if not message:
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for open_here in (woken, wakes, requests, *reports.values()):
                open_here.close()
            return message, numbers
        reports[pid] = socket.socket(fileno=numbers.pop())
        reports[pid].send(str(pid).encode())
        for number in numbers:
            os.close(number)


def _report_ended(reports: dict[int, socket.socket]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            with reports.pop(ended[0]) as report, suppress(OSError):  # of a test that waits no longer
                report.send(str(os.waitstatus_to_exitcode(ended[1])).encode())


def _become(message: bytes, numbers: Sequence[int]) -> None:
    """Run the program in this process, as a request says."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for standard, number in enumerate(numbers[:3]):
        os.dup2(number, standard)
    for number in numbers:
        os.close(number)
    arguments, folder, environment = orjson.loads(message)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv[1:] = arguments
    runpy.run_module("leadtracker", run_name="__main__", alter_sys=True)


def _main(number: str) -> None:
    for name in _MODULES:
        importlib.import_module(f"leadtracker.entrypoints.{name}")
    request = _serve(socket.socket(fileno=int(number)))
    if request is not None:
        _become(*request)


if __name__ == "__main__":
    _main(sys.argv[1])
