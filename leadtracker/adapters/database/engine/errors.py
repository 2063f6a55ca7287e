"""From driver errors to domain errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import peewee
from playhouse.pool import MaxConnectionsExceeded

from leadtracker.domain.errors import StorageUnavailable

_UNAVAILABLE = (
    peewee.OperationalError,
    peewee.InterfaceError,
    MaxConnectionsExceeded,
    OSError,  # from SQLite's lock file, when its folder is missing, full or not ours
    # From fetching rows, where Peewee is no longer involved; its stubs leave out the driver it has chosen.
    peewee.sqlite3.OperationalError,  # type: ignore[attr-defined]
)
_STATES_OF_ANOTHER_SCHEMA = {"42P01", "42703"}  # PostgreSQL's undefined_table and undefined_column


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn "the store cannot do this now" into StorageUnavailable; bugs pass through as they are."""
    try:
        yield
    except _UNAVAILABLE as error:
        raise _unavailable() from error
    except peewee.DatabaseError as error:
        if not _is_beyond_us(error):
            raise
        raise _unavailable() from error


def _is_beyond_us(error: peewee.DatabaseError) -> bool:
    # SQLite raises the base class itself for a file that is damaged or no database at all; a table that
    # is missing makes an OperationalError there, but a ProgrammingError on PostgreSQL.
    state = getattr(error.__context__, "sqlstate", None)
    return type(error) is peewee.DatabaseError or state in _STATES_OF_ANOTHER_SCHEMA


def _unavailable() -> StorageUnavailable:
    # The driver's text may name hosts, users and paths; it stays in the cause, for the operator.
    return StorageUnavailable("the database cannot do this now")
