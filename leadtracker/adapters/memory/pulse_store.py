"""The schedulers' pulse in memory."""

from attrs import frozen

from leadtracker.adapters.memory.store import Session
from leadtracker.domain.model.pulse import Pulse
from leadtracker.domain.ports.pulse_store import PulseStore


@frozen
class MemoryPulseStore(PulseStore):
    """See the port for what it promises."""

    _session: Session

    def read(self) -> Pulse | None:
        return self._session.tables.pulse

    def save(self, pulse: Pulse) -> None:
        self._session.for_writing().pulse = pulse
