"""The schema of the memory: it has no shape that could be out of date."""

from leadtracker.domain.ports.schema import Migration, Schema
from tests.support.memory.store import MemoryStore


class MemorySchema(Schema):
    """See the port for what it promises; there are no steps, so none is ever missing."""

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
