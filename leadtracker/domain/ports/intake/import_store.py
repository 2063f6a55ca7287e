"""Port: the stored records of imports."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.lead_import import FilePiece, LeadImport
from leadtracker.domain.model.values.paging import Cursor


class ImportStore(Protocol):
    """Stores what is known about each import; its leads know its id."""

    def add(self, lead_import: LeadImport) -> None:
        """Store a new import.

        Raises:
            ImportExists: an import has that id.
        """
        ...

    def get(self, import_id: str) -> LeadImport:
        """Return the import with that id; a writing unit of work locks it until its end.

        Raises:
            ImportNotFound: no import has that id.
        """
        ...

    def save(self, lead_import: LeadImport) -> None:
        """Replace the state, the times and the counts of an import.

        Raises:
            ImportNotFound: no import has that id.
        """
        ...

    def lock_rows(self) -> None:
        """Lock the rows of all imports until the end of the unit of work, before it stores some.

        Imports lock many people in the orders of their files; the common lock prevents deadlocks.
        """
        ...

    def page(self, *, limit: int, after: Cursor | None = None) -> list[LeadImport]:
        """Return at most ``limit`` imports after the cursor ``after``, the latest first."""
        ...

    def add_piece(self, piece: FilePiece) -> None:
        """Store a piece of a file."""
        ...

    def piece(self, file_id: str, number: int) -> FilePiece | None:
        """Return a piece of a file; None if there is none."""
        ...

    def remove_file(self, file_id: str) -> None:
        """Delete all pieces of a file; nothing happens if there are none."""
        ...

    def purge_files(self, before: datetime) -> int:
        """Delete the pieces received before a timestamp; return their number."""
        ...
