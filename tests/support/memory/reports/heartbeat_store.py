"""The scheduler heartbeat in memory."""

from attrs import frozen

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.ports.scheduling import HeartbeatStore
from tests.support.memory.store import Transaction


@frozen
class MemoryHeartbeatStore(HeartbeatStore):
    """An in-memory ``HeartbeatStore``; see the port for its promises."""

    _transaction: Transaction

    def read(self) -> SchedulerHeartbeat | None:
        return self._transaction.tables.heartbeat

    def save(self, heartbeat: SchedulerHeartbeat) -> None:
        self._transaction.for_writing().heartbeat = heartbeat
