"""Databases of PostgreSQL that one test after another uses.

To copy and drop a database takes the server 20 milliseconds, to empty it less than one.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from attrs import define, field, frozen

from tests.support.servers.postgres import PostgresServer

_MIGRATIONS = "schema_migrations"
_MAX_USES = 50
"""Deleted rows stay in the files, because the server does not vacuum."""

_DISCONNECT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = f"""
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '{_MIGRATIONS}'
"""  # noqa: S608 - our own name
_RESET_SEQUENCES = f"""
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '{_MIGRATIONS}%'
"""  # noqa: S608 - as above
_DESCRIBE = f"""
    WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace), described AS (
        SELECT concat(oid, relname, relacl, CASE relkind WHEN 'r' THEN reltuples END) AS one FROM ours
        UNION ALL SELECT concat(attrelid, attname, atttypid, attnotnull) FROM pg_attribute, ours
            WHERE attrelid = ours.oid AND attnum > 0
        UNION ALL SELECT concat(pg_constraint.oid, conname) FROM pg_constraint, ours WHERE conrelid = ours.oid
        UNION ALL SELECT concat(indexrelid, indisvalid) FROM pg_index, ours WHERE indrelid = ours.oid
        UNION ALL SELECT concat(pg_trigger.oid, tgenabled) FROM pg_trigger, ours WHERE tgrelid = ours.oid
        UNION ALL SELECT concat(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat(setconfig) FROM pg_db_role_setting, pg_database
            WHERE setdatabase = pg_database.oid AND datname = current_database()
        UNION ALL SELECT concat({_MIGRATIONS}.*) FROM {_MIGRATIONS}
    )
    SELECT md5(string_agg(one, ',' ORDER BY one)) FROM described
"""  # noqa: S608 - our own name


@define
class _Database:
    """A database, and a connection that has read its schema already, which takes longer than to empty it."""

    url: str
    connection: "psycopg.Connection[tuple[str]]"
    uses: int = field(default=0, init=False)
    _first_description: str = field(init=False)

    @_first_description.default
    def _describe(self) -> str:
        """Describe the schema, the statistics about tables and the settings."""
        row = self.connection.execute(_DESCRIBE).fetchone()
        assert row is not None
        return row[0]

    def is_cleared(self) -> bool:
        """Disconnect everyone else and delete all rows; return False if more than rows has changed."""
        with suppress(psycopg.Error):
            self.connection.execute(_DISCONNECT)
            if self._describe() == self._first_description:
                self._clear()
                return True
        return False

    def _clear(self) -> None:
        """Delete all rows, without triggers and foreign keys, which allows any order."""
        tables = [name for (name,) in self.connection.execute(_TABLES).fetchall()]
        deletes = (f"DELETE FROM {name}" for name in tables)  # noqa: S608 - our own names
        statements = (
            "BEGIN; SET LOCAL session_replication_role = replica",
            *deletes,
            _RESET_SEQUENCES,
            "COMMIT",
        )
        self.connection.execute("; ".join(statements).encode())


@frozen
class DatabasePool:
    """Migrated databases without content; one whose schema a test has changed is dropped.

    Args:
        server: creates the databases.
        template: the URL of the database that they are copies of.
    """

    _server: PostgresServer
    _template: str
    _unused: list[_Database] = field(factory=list, init=False)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the URL of a database that nothing else uses."""
        database = self._unused.pop() if self._unused else self._create()
        database.uses += 1
        yield database.url
        if database.uses < _MAX_USES and database.is_cleared():
            self._unused.append(database)
        else:
            database.connection.close()
            self._server.drop_database(database.url)

    def close(self) -> None:
        """Close the connections."""
        while self._unused:
            self._unused.pop().connection.close()

    def _create(self) -> _Database:
        url = self._server.create_database(self._template)
        connection = psycopg.connect(url, autocommit=True)
        try:
            return _Database(url, connection)
        except BaseException:
            connection.close()
            raise
