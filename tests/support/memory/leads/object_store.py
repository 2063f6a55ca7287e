"""Stored objects in memory."""

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.ports.leads.object_store import ObjectStore


class MemoryObjectStore(ObjectStore):
    """An in-memory ``ObjectStore``; see the port for its promises.

    Attributes:
        objects: by key.
        is_available: set it to False to play a store that is down.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.is_available = True

    def put(self, key: str, content: bytes) -> None:
        self._check_available()
        self.objects[key] = content

    def get(self, key: str) -> bytes | None:
        self._check_available()
        return self.objects.get(key)

    def delete(self, key: str) -> None:
        self._check_available()
        self.objects.pop(key, None)

    def _check_available(self) -> None:
        if not self.is_available:
            raise ResumeStorageUnavailable("the in-memory store is unavailable")
