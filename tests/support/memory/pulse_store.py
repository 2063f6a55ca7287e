"""The schedulers' pulse in memory."""

from attrs import frozen

from leadtracker.domain.model.reports.heartbeat import Pulse
from leadtracker.domain.ports.reports.heartbeat_store import PulseStore
from tests.support.memory.store import Transaction


@frozen
class MemoryPulseStore(PulseStore):
    """See the port for what it promises."""

    _transaction: Transaction

    def read(self) -> Pulse | None:
        return self._transaction.tables.pulse

    def save(self, pulse: Pulse) -> None:
        self._transaction.for_writing().pulse = pulse
