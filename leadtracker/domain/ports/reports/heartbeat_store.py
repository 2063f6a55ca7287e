"""Port: the stored heartbeat of the schedulers."""

from typing import Protocol

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat


class HeartbeatStore(Protocol):
    """Stores the one heartbeat that all schedulers of an installation share."""

    def read(self) -> SchedulerHeartbeat | None:
        """Return the heartbeat; None if no scheduler has ever run. A writing unit of work locks it."""
        ...

    def save(self, heartbeat: SchedulerHeartbeat) -> None:
        """Store the heartbeat, replacing the previous one."""
        ...
