"""A PgBouncer in transaction mode in front of the PostgreSQL of the tests."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.instruments.polling import eventually
from tests.support.instruments.skips import skip_loudly
from tests.support.servers.processes import free_port

_CONFIGURATION = """\
[databases]
* = host={host} port={port} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
ignore_startup_parameters = options
logfile = {folder}/log
"""


@contextlib.contextmanager
def pgbouncer_before(url: str, port: int | None = None) -> Iterator[str]:
    """Run it before the server of a database, and yield the URL of the database through it.

    Args:
        url: of the database.
        port: on which it listens; None for any free port.
    """
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        skip_loudly("no PgBouncer: apt install pgbouncer")
    parts = urlsplit(url)
    own_port = port or free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "pgbouncer.ini"
        file.write_text(
            _CONFIGURATION.format(
                host=parts.hostname,
                port=parts.port,
                user=parts.username,
                password=parts.password or "none",
                own_port=own_port,
                folder=folder,
            )
        )
        arguments = [program, "--quiet"]
        if os.geteuid() == 0:  # it refuses to run as root
            arguments += ["--user", "nobody"]
            shutil.chown(folder, "nobody")
            shutil.chown(file, "nobody")
        with subprocess.Popen([*arguments, str(file)]) as process:
            try:
                eventually(lambda: _accepts(own_port), "PgBouncer accepts connections")
                yield f"postgresql://{parts.username}@127.0.0.1:{own_port}{parts.path}"
            finally:
                process.terminate()


def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
