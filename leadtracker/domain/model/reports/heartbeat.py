"""The heartbeat of the schedulers, which also pauses sealing after a clock jump."""

from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

MAX_HEARTBEAT_GAP = timedelta(days=35)
"""A longer gap between two heartbeats may be a wrong clock, and sealing cannot be undone."""


@frozen(kw_only=True)
class SchedulerHeartbeat:
    """The state that all schedulers of an installation share.

    Attributes:
        last_heartbeat_at: the latest time at which a scheduler worked.
        paused_since: when sealing was paused because of a clock jump; None while it is not paused.
    """

    last_heartbeat_at: datetime = field(validator=check_utc)
    paused_since: datetime | None = field(default=None, validator=check_utc)

    @property
    def is_paused(self) -> bool:
        """True if no week is sealed until an operator confirms the clock."""
        return self.paused_since is not None

    def record(self, now: datetime) -> "SchedulerHeartbeat":
        """Return the heartbeat after a scheduler has worked at ``now``."""
        jumped = now - self.last_heartbeat_at > MAX_HEARTBEAT_GAP
        paused_since = now if jumped and not self.is_paused else self.paused_since
        return evolve(self, last_heartbeat_at=max(self.last_heartbeat_at, now), paused_since=paused_since)
