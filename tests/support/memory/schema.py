"""The schema of the in-memory store, which is always up to date."""

from leadtracker.domain.ports.schema import Migration, Schema
from tests.support.memory.store import MemoryStore


class MemorySchema(Schema):
    """An in-memory ``Schema`` without migrations."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def migrations(self) -> list[Migration]:
        self._store.check_available()
        return []

    def migrate(self) -> list[str]:
        self._store.check_available()
        return []

    def prepare(self) -> None:
        self._store.check_available()
