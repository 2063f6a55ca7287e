"""The schedulers' pulse in memory."""

from attrs import frozen

from leadtracker.domain.model.reports.heartbeat import Pulse
from leadtracker.domain.ports.reports.heartbeat_store import PulseStore
from tests.support.memory.store import Session


@frozen
class MemoryPulseStore(PulseStore):
    """See the port for what it promises."""

    _session: Session

    def read(self) -> Pulse | None:
        return self._session.tables.pulse

    def save(self, pulse: Pulse) -> None:
        self._session.for_writing().pulse = pulse
