"""The program's web server in the sandbox of a campaign."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from tests.faults.harness.campaign import Sandbox
from tests.support.http import api_key
from tests.support.servers.processes import Program, Running, Site, free_port

START_TIMEOUT_SECONDS = 600.0
"""Only a server that hangs takes longer; on a loaded machine each process waits long for a processor."""
_PROC = Path("/proc")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@frozen
class WebServer:
    """A running web server.

    Attributes:
        admin: the credentials of an admin.
    """

    program: Program
    running: Running
    site: Site
    admin: Mapping[str, str]

    @property
    def processes(self) -> list[int]:
        """The ids of the main process and its workers."""
        mine = self.running.process.pid
        return [mine, *children_of(mine)]


@contextmanager
def running_web(sandbox: Sandbox, **settings: object) -> Iterator[WebServer]:
    """Run a web server with additional settings until the block ends."""
    site = Site(free_port())
    program = sandbox.program(**{"PORT": site.port, "WEB_WORKERS": 1, "LOG_LEVEL": "info", **settings})
    added = program.run("api-key", "add", "admin", "--role", "admin")
    with program.start("web") as running:
        site.wait_until_ready(START_TIMEOUT_SECONDS)
        yield WebServer(program, running, site, api_key(added.out.strip()))


def children_of(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found = []
    for folder in _PROC.glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has just ended
        if parent == pid:
            found.append(int(folder.name))
    return found


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and its children have taken, in seconds."""
    times = [
        (_PROC / str(one) / "stat").read_text().rpartition(")")[2].split() for one in (pid, *children_of(pid))
    ]
    return sum(int(fields[11]) + int(fields[12]) for fields in times) / _TICKS_PER_SECOND


def reset_peaks(pids: list[int]) -> None:
    """Reset the peak memory of the processes."""
    for pid in pids:
        (_PROC / str(pid) / "clear_refs").write_text("5")


def memory(pids: list[int]) -> float:
    """Return the peak memory of the processes together, in MiB."""
    lines = [(_PROC / str(pid) / "status").read_text() for pid in pids]
    return sum(int(text.partition("VmHWM:")[2].split()[0]) for text in lines) / 1024
