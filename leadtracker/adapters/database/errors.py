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
    # From fetching rows, where Peewee is no longer involved; its stubs leave out the driver it has chosen.
    peewee.sqlite3.OperationalError,  # type: ignore[attr-defined]
)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn "the store cannot do this now" into StorageUnavailable; bugs pass through as they are."""
    try:
        yield
    except _UNAVAILABLE as error:
        # The driver's text may name hosts and users; it stays in the cause, for the log.
        message = f"the database cannot do this now ({type(error).__name__})"
        raise StorageUnavailable(message) from error
