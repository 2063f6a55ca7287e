"""The SQLite library that this process uses: the one Peewee has chosen if it is safe, else apsw's.

Peewee takes the newer one of ``pysqlite3``, if that is installed, and the standard library's ``sqlite3``.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import peewee
from playhouse.pool import PooledSqliteDatabase

_FIRST_SAFE_SQLITE = (3, 51, 3)  # older versions can lose pages when the log is reset (see docs/decisions)

_peewees_driver: Any = peewee.sqlite3  # type: ignore[attr-defined]  # its stubs leave the driver out

connect: Callable[..., Any] = _peewees_driver.connect
"""Opens a connection as ``sqlite3.connect`` does. Two SQLite libraries in one process would not see each
other's locks, so every connection comes from here."""
version: tuple[int, ...] = peewee.SqliteDatabase.server_version
Error: type[Exception] = _peewees_driver.Error
DatabaseError: type[Exception] = _peewees_driver.DatabaseError
OperationalError: type[Exception] = _peewees_driver.OperationalError

# For each None that is bound, the driver looks for an adapter, and finds that there is none by raising and
# catching several errors, which takes a microsecond. This one returns None in a twentieth of that.
_peewees_driver.register_adapter(type(None), {}.get)

if version < _FIRST_SAFE_SQLITE:
    with suppress(ImportError):
        from leadtracker.adapters.database.engine.dialects import apsw_driver

        connect, version = apsw_driver.connect, apsw_driver.version


def reason_against_use() -> str | None:
    """Say why the SQLite library must not be used; None if it may."""
    if version >= _FIRST_SAFE_SQLITE:
        return None
    shown, required = (".".join(map(str, numbers)) for numbers in (version, _FIRST_SAFE_SQLITE))
    return (
        f"SQLite {shown} can corrupt a database that several processes write; {required} is needed. "
        "Install the package apsw, which brings it, or use PostgreSQL."
    )


class Database(peewee.SqliteDatabase):
    """One connection per thread, from the driver chosen here."""

    server_version = version

    def _connect(self) -> Any:
        connection = connect(self.database, timeout=self.timeout, isolation_level=None, **self.connect_params)
        try:
            self._add_conn_hooks(connection)  # type: ignore[attr-defined]  # Peewee's stubs omit it
        except BaseException:
            connection.close()
            raise
        return connection


class PooledDatabase(PooledSqliteDatabase, Database):  # type: ignore[misc]  # playhouse has no types
    """A pool of such connections."""
