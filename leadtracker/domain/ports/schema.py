"""Port: the shape of the store."""

from datetime import datetime
from typing import Protocol

from attrs import frozen


@frozen
class Migration:
    """One step in the life of the schema; not yet taken while ``applied_at`` is None."""

    name: str
    applied_at: datetime | None


class Schema(Protocol):
    """Brings the store into the shape this program knows."""

    def migrations(self) -> list[Migration]:
        """Every step this program knows, in order.

        Raises:
            SchemaMismatch: the store has taken steps that this program does not know.
        """
        ...

    def migrate(self) -> list[str]:
        """Take all missing steps and name them; safe when several processes do it at once.

        Raises:
            SchemaMismatch: the store is newer than this program.
        """
        ...

    def prepare(self) -> None:
        """Set up an empty store; leave any other as it is.

        Raises:
            SchemaMismatch: the store is older or newer than this program.
        """
        ...
