"""API keys in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.account import ApiKey
from leadtracker.domain.ports.accounts.api_key_repository import ApiKeyRepository
from tests.support.memory.store import Transaction


@frozen
class MemoryApiKeyRepository(ApiKeyRepository):
    """An in-memory ``ApiKeyRepository``; see the port for its promises."""

    _transaction: Transaction

    def add(self, key: ApiKey) -> None:
        keys = self._transaction.for_writing().api_keys
        if key.name in keys:
            raise NameTaken(key.name)
        keys[key.name] = key

    def get(self, name: str) -> ApiKey:
        key = self._transaction.tables.api_keys.get(name)
        if key is None:
            raise AccountNotFound(name, "API key")
        return key

    def find_by_digest(self, digest: str) -> ApiKey | None:
        return next((key for key in self.all() if key.digest == digest), None)

    def all(self) -> list[ApiKey]:
        return sorted(self._transaction.tables.api_keys.values(), key=lambda key: key.name)

    def record_use(self, name: str, now: datetime) -> None:
        keys = self._transaction.for_writing().api_keys
        if name in keys:
            keys[name] = evolve(keys[name], last_used_at=now)

    def save(self, key: ApiKey) -> None:
        keys = self._transaction.for_writing().api_keys
        if key.name in keys:
            keys[key.name] = key
