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


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn "the store cannot do this now" into StorageUnavailable; bugs pass through as they are."""
    try:
        yield
    except _UNAVAILABLE as error:
        raise _unavailable() from error
    except peewee.DatabaseError as error:
        # SQLite raises the base class itself for a file that is damaged or no database at all.
        if type(error) is not peewee.DatabaseError:
            raise
        raise _unavailable() from error


def _unavailable() -> StorageUnavailable:
    # The driver's text may name hosts, users and paths; it stays in the cause, for the operator.
    return StorageUnavailable("the database cannot do this now")
