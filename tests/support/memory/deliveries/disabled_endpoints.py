"""The disabled webhook endpoints in memory."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import frozen

from leadtracker.domain.ports.deliveries.webhooks import DisabledEndpoints
from tests.support.memory.store import Transaction


@frozen
class MemoryDisabledEndpoints(DisabledEndpoints):
    """An in-memory ``DisabledEndpoints``; see the port for its promises."""

    _transaction: Transaction

    def all(self) -> Mapping[str, datetime]:
        return MappingProxyType(self._transaction.tables.disabled_endpoints)

    def add(self, key: str, now: datetime) -> None:
        self._transaction.for_writing().disabled_endpoints.setdefault(key, now)

    def remove(self, key: str) -> None:
        self._transaction.for_writing().disabled_endpoints.pop(key, None)
