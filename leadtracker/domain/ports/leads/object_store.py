"""Port: the contents of resumes, where they are kept outside of the database."""

from typing import Protocol


class ObjectStore(Protocol):
    """Keeps bytes under keys, to the last bit; no call is made within a unit of work.

    Keys are made by ``IdSource.secret``: nothing that a person sends becomes a part of one. Each call has
    a limit of time, so that a store that hangs holds nobody up for long.
    """

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a new key, durably.

        Raises:
            ResumeStorageUnavailable: it was not kept, or a part of it, or nobody knows.
        """
        ...

    def get(self, key: str) -> bytes | None:
        """What was put there; None if there is nothing.

        Raises:
            ResumeStorageUnavailable: the store cannot tell now.
        """
        ...

    def delete(self, key: str) -> None:
        """Delete what is there, if there is something, even a part of what was to be put there.

        Raises:
            ResumeStorageUnavailable: it may be there still.
        """
        ...
