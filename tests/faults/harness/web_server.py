"""The program's web server in the sandbox of a campaign."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from tests.faults.harness.campaign import Sandbox
from tests.support.http import api_key
from tests.support.servers.processes import Program, Running, Site, free_port

_PROC = Path("/proc")


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
        site.wait_until_ready()
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


def reset_peaks(pids: list[int]) -> None:
    """Reset the peak memory of the processes."""
    for pid in pids:
        (_PROC / str(pid) / "clear_refs").write_text("5")


def memory(pids: list[int]) -> float:
    """Return the peak memory of the processes together, in MiB."""
    lines = [(_PROC / str(pid) / "status").read_text() for pid in pids]
    return sum(int(text.partition("VmHWM:")[2].split()[0]) for text in lines) / 1024
