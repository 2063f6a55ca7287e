"""Port: the files of resumes."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.resume import StoredResume


class ResumeStore(Protocol):
    """Keeps at most one resume for each lead, to the last bit, and knows every object that may exist.

    A resume is a file with its content, or an object: then its content is in the ``ObjectStore`` and only
    the key is here. Objects come and go outside of transactions, so each key is *reserved* before a resume
    takes it. A resume can take a reserved key until the reservation expires. A key is *marked for deletion*
    once its reservation has expired or its resume was removed: no resume can take it any more, so the
    object may be deleted. Reserved and marked keys are *unreferenced*.
    """

    def put(self, lead_id: str, stored: StoredResume) -> str | None:
        """Keep the resume of a stored lead in place of the one that was there.

        Returns:
            the key that the other one had, if it was an object; it is marked for deletion.

        Raises:
            ResumeStorageUnavailable: the key is not reserved, or marked for deletion.
        """
        ...

    def get(self, lead_id: str) -> StoredResume | None:
        """The resume of a lead, if it has one."""
        ...

    def remove(self, lead_id: str) -> str | None:
        """Remove the resume of a lead, if it has one.

        Returns:
            the key that it had, if it was an object; it is marked for deletion.
        """
        ...

    def reserve(self, key: str, until: datetime) -> None:
        """Reserve an unreferenced key before anything is put there; it expires at ``until``."""
        ...

    def is_unreferenced(self, key: str) -> bool:
        """Whether a key is known that no resume has."""
        ...

    def mark_for_deletion(self, key: str) -> bool:
        """Let no resume take an unreferenced key any more; False if it is not unreferenced."""
        ...

    def mark_expired_for_deletion(self, now: datetime) -> int:
        """Mark all unreferenced keys that have expired for deletion, and count them."""
        ...

    def marked_for_deletion(self, limit: int) -> list[str]:
        """Some of the keys marked for deletion."""
        ...

    def delete_reservation(self, key: str) -> None:
        """Forget a key marked for deletion; whatever it stood for is deleted."""
        ...
