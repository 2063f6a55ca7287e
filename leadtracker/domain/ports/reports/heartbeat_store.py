"""Port: the schedulers' heartbeat."""

from typing import Protocol

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat


class HeartbeatStore(Protocol):
    """Keeps the one heartbeat that all schedulers of an installation share."""

    def read(self) -> SchedulerHeartbeat | None:
        """The heartbeat, or None if no scheduler has ever run.

        In a writing unit of work nobody else can change it until the end.
        """
        ...

    def save(self, heartbeat: SchedulerHeartbeat) -> None:
        """Store the heartbeat in place of the former one."""
        ...
