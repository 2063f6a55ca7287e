"""The dialects: SQLite and PostgreSQL behind one interface, selected by the database's URL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.dialects.postgres import PostgresDialect
from leadtracker.adapters.database.engine.dialects.sqlite import SqliteDialect


def dialect_for(url: str) -> Dialect:
    """Create the dialect for a URL: ``sqlite:///path`` or ``postgresql://user:password@host:5432/name``.

    ``postgres://`` is the same, and the parameters of libpq may follow.

    Raises:
        ValueError: the URL has another scheme, or no path.
        StorageUnavailable: the SQLite library on this machine is not safe to use.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and len(parts.path) > 1:
        return SqliteDialect(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"}:
        return PostgresDialect(url)
    message = "must be sqlite:///<path> or postgresql://user:password@host:5432/name"
    raise ValueError(message)
