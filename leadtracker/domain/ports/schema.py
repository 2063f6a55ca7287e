"""Port: the schema of the store."""

from datetime import datetime
from typing import Protocol

from attrs import frozen


@frozen
class Migration:
    """One migration of the schema.

    Attributes:
        name: begins with its number, which orders migrations.
        applied_at: None while it is pending.
        purpose: what it changes, as one sentence.
    """

    name: str
    applied_at: datetime | None
    purpose: str = ""


class Schema(Protocol):
    """Migrates the store to the schema that this version of the program needs."""

    def migrations(self) -> list[Migration]:
        """Return every migration that this program knows, in order.

        Raises:
            SchemaMismatch: the store has applied migrations that this program does not know: those of
                a newer version, or of one before release 1.0.
        """
        ...

    def migrate(self) -> list[str]:
        """Apply all pending migrations and return their names; safe when several processes call it at once.

        Raises:
            SchemaMismatch: the store is newer than this program.
        """
        ...

    def prepare(self) -> None:
        """Create the schema in an empty store; leave any other store unchanged.

        Raises:
            SchemaMismatch: the store is older or newer than this program.
        """
        ...
