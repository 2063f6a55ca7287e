"""The program as its operator runs it: real processes with separate settings and folders."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

import orjson
from attrs import evolve, field, frozen

import leadtracker
from leadtracker.settings import PREFIX
from tests.support import instruments
from tests.support.instruments.polling import eventually
from tests.support.servers.fork_server import ForkedProcess, fork_server

_CODE = str(Path(leadtracker.__file__).parents[1])
# Libraries import some of what is installed for developers only, which takes a tenth of every start.
_HIDDEN_PACKAGES = Path(instruments.__file__).parent / "hidden_packages"
_RUN_TIMEOUT_SECONDS = 300
_STOP_TIMEOUT_SECONDS = 35
# Outside of the range from which systems take the ports of outgoing connections.
_PORTS = range(20_000, 32_000)

Process: TypeAlias = "subprocess.Popen[bytes] | ForkedProcess"


@frozen
class Finished:
    """A process that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, parsed as JSON."""
        return orjson.loads(self.out)


@frozen
class Running:
    """A running process."""

    process: Process
    _out: Path
    _err: Path

    @property
    def out(self) -> str:
        """Its standard output so far."""
        return self._out.read_text()

    @property
    def err(self) -> str:
        """Its log and error messages so far."""
        return self._err.read_text()

    def wait(self) -> Finished:
        """Wait until the process ends."""
        return Finished(self.process.wait(_RUN_TIMEOUT_SECONDS), self.out, self.err)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> Finished:
        """Send a signal, SIGTERM by default, and wait until the process has ended."""
        self.process.send_signal(how)
        return self.wait()

    def wait_for_log_line(self, text: str, seconds: float = 60.0) -> None:
        """Wait until its log contains ``text``, up to a time limit."""
        eventually(lambda: text in self.err, f"{text!r} in the log", seconds)


@frozen
class Program:
    """``leadtracker`` with these settings, which are written without their prefix.

    Attributes:
        folder: its working directory.
        settings: its settings.
        isolated_environment: environment variables other than its settings.
        is_forked: true to start it from a process that has loaded it, which takes a sixth of the processor
            time; other systems than Linux start it as usual.
    """

    folder: Path
    settings: Mapping[str, object] = field(factory=dict)
    isolated_environment: Mapping[str, str] = field(factory=dict)
    is_forked: bool = False

    def with_settings(self, **settings: object) -> "Program":
        """Return a copy with these settings added or replaced."""
        return evolve(self, settings={**self.settings, **settings})

    @property
    def all_settings(self) -> dict[str, object]:
        """The settings, with the defaults of every test."""
        return {
            "DATA_DIR": self.folder / "data",
            "LOG_LEVEL": "debug",
            "PUBLIC_RATE_LIMIT": "off",
            **self.settings,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes, which inherits the search path only.

        They run the code that the tests import, even where another copy of it is installed, with the
        libraries of an installation, and with the SQLite of the tests.
        """
        settings = {PREFIX + name: str(value) for name, value in self.all_settings.items()}
        path = os.environ.get("PATH", os.defpath)
        return {
            "PATH": path,
            "PYTHONPATH": os.pathsep.join([*_hidden_packages(), _CODE]),
            **self.isolated_environment,
            **settings,
        }

    def run(self, *arguments: str, stdin: str = "", seconds: float = _RUN_TIMEOUT_SECONDS) -> Finished:
        """Run a command until it ends, up to a time limit."""
        with ExitStack() as stack:
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            files[0].write(stdin.encode())
            files[0].seek(0)
            process = self._launch(arguments, files[0], files[1], files[2])
            try:
                status = process.wait(seconds)
            finally:
                _reap(process)
            for file in files:
                file.seek(0)
            return Finished(status, files[1].read().decode(), files[2].read().decode())

    @contextmanager
    def start(self, *arguments: str) -> Iterator[Running]:
        """Start a command, and kill it at the end of the block if it still runs."""
        number = len(list(self.folder.glob("*.out")))
        out, err = self.folder / f"{number}.out", self.folder / f"{number}.err"
        with Path(os.devnull).open("rb") as no_input, out.open("wb") as out_file, err.open("wb") as err_file:
            process = self._launch(arguments, no_input, out_file, err_file)
        try:
            yield Running(process, out, err)
        finally:
            _reap(process)

    def _launch(
        self, arguments: tuple[str, ...], stdin: IO[bytes], stdout: IO[bytes], stderr: IO[bytes]
    ) -> Process:
        environment = self.environment
        if self.is_forked and sys.platform == "linux":
            server = fork_server(environment["PYTHONPATH"])
            return server.start(arguments, self.folder, environment, (stdin, stdout, stderr))
        command = [sys.executable, "-m", "leadtracker", *arguments]
        return subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr
        )


def _hidden_packages() -> Iterator[str]:
    """Yield the folders that hide packages from processes, and what ``DRIVER=apsw`` hides from the tests."""
    yield str(_HIDDEN_PACKAGES / "without_development")
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    yield from (path for path in inherited if Path(path).parent == _HIDDEN_PACKAGES)


def _reap(process: Process) -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@frozen
class Site:
    """A web server at a port of this machine."""

    port: int

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        body: bytes | None = None,
    ) -> tuple[int, bytes]:
        """Send a request with the JSON body ``json``, and return the status and body of the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_RUN_TIMEOUT_SECONDS)
        headers_of_body = {} if json is None else {"Content-Type": "application/json"}
        body = body if json is None else orjson.dumps(json)
        try:
            connection.request(method, path, body, {**headers_of_body, **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Return whether the server reports that it is ready."""
        with suppress(OSError, http.client.HTTPException):
            return self.send("GET", "/readyz")[0] == 200
        return False

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        """Wait until it reports that it is ready, up to a time limit."""
        eventually(self.is_ready, f"a web server that is ready at port {self.port}", seconds)


def free_port() -> int:
    """Return a free TCP port of the loopback interface."""
    for port in random.sample(_PORTS, k=100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    message = "no port is free"
    raise AssertionError(message)
