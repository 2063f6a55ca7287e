"""The disabled webhook endpoints in memory."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import frozen

from leadtracker.adapters.memory.store import Session
from leadtracker.domain.ports.disabled_endpoints import DisabledEndpoints


@frozen
class MemoryDisabledEndpoints(DisabledEndpoints):
    """See the port for what it promises."""

    _session: Session

    def all(self) -> Mapping[str, datetime]:
        return MappingProxyType(self._session.tables.disabled_endpoints)

    def add(self, key: str, now: datetime) -> None:
        self._session.for_writing().disabled_endpoints.setdefault(key, now)

    def remove(self, key: str) -> None:
        self._session.for_writing().disabled_endpoints.pop(key, None)
