"""Port: an object storage for the contents of files outside the database."""

from typing import Protocol


class ObjectStore(Protocol):
    """Stores bytes by key, unchanged. Never call it within a unit of work.

    Keys come from ``IdSource.secret`` and contain no input. Every call has a time limit, so that a storage
    that hangs does not block its caller.
    """

    def put(self, key: str, content: bytes) -> None:
        """Store content durably under a new key.

        Raises:
            ResumeStorageUnavailable: the content was not stored, or only in part, or the result is unknown.
        """
        ...

    def get(self, key: str) -> bytes | None:
        """Return the content of a key; None if there is none.

        Raises:
            ResumeStorageUnavailable: the storage is unavailable.
        """
        ...

    def delete(self, key: str) -> None:
        """Delete the content of a key, also of an incomplete ``put``; do nothing if there is none.

        Raises:
            ResumeStorageUnavailable: the content may still exist.
        """
        ...
