"""The benchmark subjects: LeadTracker as an operator starts it, the baseline and the comparison."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import frozen

from tests.support.servers.processes import Program, Site, free_port

WORKERS = min(os.cpu_count() or 1, 4)  # as LeadTracker does by default
COMPARISON_KEY = "bench"
ADMIN_PASSWORD = "a password for the bench"  # noqa: S105 - guards nothing
COMPARISON_SITE_PACKAGES = Path(sys.prefix) / "bench"  # where `make bench` installs them
_CODE = str(Path(__file__).parents[3])
_START_TIMEOUT_SECONDS = 60
_STOP_TIMEOUT_SECONDS = 30


@frozen
class Server:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds_to_ready: float

    @property
    def site(self) -> Site:
        """The server as a client sees it."""
        return Site(self.port)

    @property
    def pids(self) -> list[int]:
        """The process and all its descendants."""
        return _family(self.process.pid)

    def processor_seconds(self) -> float:
        """Return the processor time that all processes have used."""
        return sum(map(_processor_seconds, self.pids))

    def memory(self, pid: int | None = None) -> int:
        """Return the proportional set size in bytes, of one process or of all."""
        return sum(_pss(one) for one in ([pid] if pid else self.pids))


@contextmanager
def leadtracker(folder: Path, command: str = "web", **settings: object) -> Iterator[Server]:
    """Run LeadTracker with default settings, except those given."""
    port = free_port()
    given = {
        "PORT": port,
        "DATA_DIR": folder / "data",
        "ADMIN_PASSWORD": ADMIN_PASSWORD,
        "LOGIN_RATE_LIMIT": "off",
        "LOG_LEVEL": "info",
        **settings,
    }
    program = Program(folder, given)
    with _running([command], program.environment, folder, port) as server:
        yield server


@contextmanager
def baseline(folder: Path) -> Iterator[Server]:
    """Run the baseline."""
    port = free_port()
    command = ["tests.bench.targets.baseline", str(port), str(WORKERS)]
    with _running(command, _environment(), folder, port) as server:
        yield server


@contextmanager
def comparison(folder: Path, workers: int = 1, *, is_tuned: bool = False) -> Iterator[Server]:
    """Run the comparison, as in the tutorial or tuned."""
    port = free_port()
    command = [
        "uvicorn",
        "tests.bench.targets.comparison:app",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    environment = _environment() | {
        "API_KEY": COMPARISON_KEY,
        "DATABASE_URL": f"sqlite:///{folder / ('tuned.db' if is_tuned else 'comparison.db')}",
        **({"TUNED": "yes"} if is_tuned else {}),
    }
    with _running(command, environment, folder, port) as server:
        yield server


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": f"{_CODE}:{COMPARISON_SITE_PACKAGES}"}


@contextmanager
def _running(
    arguments: list[str], environment: Mapping[str, str], folder: Path, port: int
) -> Iterator[Server]:
    module = [] if "." in arguments[0] or arguments[0] == "uvicorn" else ["leadtracker"]
    command = [sys.executable, "-m", *module, *arguments]
    began = time.perf_counter()
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_ready(process, port, folder)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        _stop(process)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if Site(port).send("GET", "/readyz")[0] in {200, 404}:  # the baseline knows no such path
                return
        time.sleep(0.005)
    log = (folder / f"{port}.log").read_text()
    raise RuntimeError(f"{process.args!r} does not start:\n{log}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(descendant for child in below for descendant in _family(child))]


def _processor_seconds(pid: int) -> float:
    _, _, numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")  # a name may have blanks
    user, system = numbers.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
