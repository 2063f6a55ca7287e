"""Runs one PostgreSQL for one test run and leaves no trace of it.

    python postgres_guard.py BINARIES FOLDER PORT

`tests.support.postgres` starts it as a process of its own, whose life hangs on a connection to the
pytest process that began the run and listens on PORT. However that process ends, finished, by
Ctrl-C or by `kill -9`, the connection ends with it, and the guard stops the server and deletes
FOLDER. It uses the standard library only, to be up at once.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
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
    "max_connections": "200",
    "synchronous_commit": "off",
    "timezone": "Asia/Kathmandu",  # +05:45, so that code which leans on the server's zone shows it
    "unix_socket_directories": "",
}


class Account(NamedTuple):
    """Whom the server runs as; None is whoever runs the tests."""

    uid: int | None = None
    gid: int | None = None
    groups: Sequence[int] | None = None


class Installation(NamedTuple):
    """Where the server's programs and files are, and whom they run as."""

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


def guard(binaries: Path, folder: Path, port: int) -> None:
    """Serve until the run ends. Each worker starts a guard; the one that makes the folder stays."""
    with socket.create_connection(("127.0.0.1", port)) as run:
        try:
            folder.mkdir()
        except FileExistsError:
            return
        try:
            _serve(binaries, folder, run)
        finally:
            shutil.rmtree(folder)


def _serve(binaries: Path, folder: Path, run: socket.socket) -> None:
    """Tell the workers by a file, `ready` or `failed`; then wait for the end of the run."""
    with contextlib.ExitStack() as stack:
        try:
            port = stack.enter_context(_server(_install(binaries, folder)))
        except (LookupError, OSError, RuntimeError) as error:
            log = folder / "log"
            _publish(folder / "failed", f"{error}\n{log.read_text() if log.exists() else ''}")
        else:
            _publish(folder / "ready", str(port))
        with contextlib.suppress(ConnectionError):
            run.recv(1)


def _install(binaries: Path, folder: Path) -> Installation:
    """Use the binaries where they are; as root, which PostgreSQL refuses, let nobody run a copy."""
    (folder / "data").mkdir()
    if os.geteuid() != 0:
        return Installation(binaries / "pginstall/bin", folder, Account())
    copy = folder / binaries.name
    unwanted = shutil.ignore_patterns("include", "*.a", "*.py")
    shutil.copytree(binaries, copy, symlinks=True, ignore=unwanted)
    libraries = binaries.with_name(f"{binaries.name}.libs")
    if libraries.exists():  # where Linux wheels keep them
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return Installation(copy / "pginstall/bin", folder, Account(nobody.pw_uid, nobody.pw_gid, ()))


@contextlib.contextmanager
def _server(installation: Installation) -> Iterator[int]:
    """Run PostgreSQL on a new cluster and give its port."""
    if installation.start("initdb", *CLUSTER).wait() != 0:
        raise RuntimeError("initdb failed")
    port = _free_port()
    settings = [f"--{name}={value}" for name, value in {**SETTINGS, "port": port}.items()]
    postgres = installation.start("postgres", *settings)
    try:
        _wait_until_ready(postgres, installation.folder / "data/postmaster.pid")
        yield port
    finally:
        _stop(postgres)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_until_ready(postgres: subprocess.Popen[bytes], status: Path) -> None:
    """PostgreSQL writes `ready` into the last line of its lock file once it accepts connections."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if postgres.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("postgres did not start")
        time.sleep(0.01)


def _stop(postgres: subprocess.Popen[bytes]) -> None:
    """Shut down without waiting for clients; if that takes too long, abort."""
    postgres.send_signal(signal.SIGINT)
    try:
        postgres.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        postgres.send_signal(signal.SIGQUIT)
        postgres.wait()


def _publish(path: Path, text: str) -> None:
    """Write a file that is complete as soon as it is there."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the worker that started the guard goes on at once and has no child to reap
    os.setsid()  # Ctrl-C at the terminal is pytest's alone
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with contextlib.suppress(ConnectionRefusedError):  # the run is over already
        guard(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
