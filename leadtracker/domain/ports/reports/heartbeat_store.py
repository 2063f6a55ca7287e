"""Port: the schedulers' pulse."""

from typing import Protocol

from leadtracker.domain.model.reports.heartbeat import Pulse


class PulseStore(Protocol):
    """Keeps the one pulse that all schedulers of an installation share."""

    def read(self) -> Pulse | None:
        """The pulse, or None if no scheduler has ever run.

        In a writing unit of work nobody else can change it until the end.
        """
        ...

    def save(self, pulse: Pulse) -> None:
        """Store the pulse in place of the former one."""
        ...
