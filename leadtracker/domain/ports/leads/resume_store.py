"""Port: stored resumes, and the keys of their objects."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.leads.resume import StoredResume


class ResumeStore(Protocol):
    """Stores at most one resume per lead, unchanged, and knows every object that may exist.

    A resume is stored with its content, or as an object: then its content is in the ``ObjectStore`` and only
    its key is stored here. Objects are written and deleted outside of transactions, so each key is
    *reserved* first, and a resume can take it until the reservation expires. A key is *marked for deletion*
    once its reservation has expired or its resume was removed: no resume can take it afterwards, so the
    object may be deleted. Reserved and marked keys are *unreferenced*.
    """

    def put(self, lead_id: str, stored: StoredResume) -> str | None:
        """Store the resume of an existing lead, replacing the previous one.

        Returns:
            The key of the previous resume, now marked for deletion; None unless it was an object.

        Raises:
            ResumeStorageUnavailable: the new key is not reserved, or is marked for deletion.
        """
        ...

    def get(self, lead_id: str) -> StoredResume | None:
        """Return the resume of a lead; None if it has none."""
        ...

    def remove(self, lead_id: str) -> str | None:
        """Remove the resume of a lead; do nothing if it has none.

        Returns:
            The key of the resume, now marked for deletion; None unless it was an object.
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
