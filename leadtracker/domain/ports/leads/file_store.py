"""Port: the stored files of leads, and the keys of their objects."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.lead_file import RESUME_ID, StoredFile


class FileStore(Protocol):
    """Stores the files of leads, unchanged, and knows every object that may exist.

    A lead has at most one file with each id; ``RESUME_ID`` is that of its resume. A file is stored with its
    content, or as an object: then its content is in the ``ObjectStore`` and only its key is stored here.
    Objects are written and deleted outside of transactions, so each key is *reserved* first, and a file can
    take it until the reservation expires. A key is *marked for deletion* once its reservation has expired or
    its file was removed: no file can take it afterwards, so the object may be deleted. Reserved and marked
    keys are *unreferenced*.
    """

    def put(self, lead_id: str, stored: StoredFile, file_id: str = RESUME_ID) -> str | None:
        """Store a file of an existing lead, replacing the previous one with that id.

        Returns:
            The key of the previous file, now marked for deletion; None unless it was an object.

        Raises:
            ResumeStorageUnavailable: the new key is not reserved, or is marked for deletion.
        """
        ...

    def get(self, lead_id: str, file_id: str = RESUME_ID) -> StoredFile | None:
        """Return a file of a lead; None if it has none with that id."""
        ...

    def ids_of(self, lead_id: str) -> list[str]:
        """Return the ids of all files of a lead, in order."""
        ...

    def remove_all(self, lead_id: str) -> list[str]:
        """Remove all files of a lead.

        Returns:
            The keys of those that were objects, now marked for deletion.
        """
        ...

    def reserve(self, key: str, until: datetime) -> None:
        """Reserve an unreferenced key until ``until``, before its object is written."""
        ...

    def is_unreferenced(self, key: str) -> bool:
        """Return True if the key is reserved or marked for deletion."""
        ...

    def mark_for_deletion(self, key: str) -> bool:
        """Mark an unreferenced key for deletion; return False if it is not unreferenced."""
        ...

    def mark_expired_for_deletion(self, now: datetime) -> int:
        """Mark all keys with expired reservations for deletion; return their number."""
        ...

    def marked_for_deletion(self, limit: int) -> list[str]:
        """Return at most ``limit`` of the keys marked for deletion."""
        ...

    def delete_reservation(self, key: str) -> None:
        """Delete the record of a key marked for deletion, after its object was deleted."""
        ...
