"""A PostgreSQL for benchmarks, with the durability settings of production."""

import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.database import execute
from tests.support.servers.postgres import PostgresServer, Rendezvous, start_server

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")


@contextmanager
def durable_postgres() -> Iterator[str]:
    """Run a server until the block ends, and yield the URL of an empty database."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        folder = Path(tempfile.gettempdir()) / f"leadtracker-bench-{secrets.token_hex(4)}"
        address = start_server(Rendezvous(str(folder), listener.getsockname()[1]))
        for name in _DURABLE:
            execute(address, f"ALTER SYSTEM SET {name} = on")
        execute(address, "SELECT pg_reload_conf()")
        yield PostgresServer(address).create_database()
