"""The schedulers' heartbeat: when one of them last looked, and whether sealing weeks is held."""

from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from leadtracker.domain.model.timestamps import check_utc

MAX_HEARTBEAT_GAP = timedelta(days=35)
"""A longer gap between two beats may as well be a wrong clock: weeks sealed by it could never be unsealed."""


@frozen(kw_only=True)
class SchedulerHeartbeat:
    """What the schedulers of one installation know of each other.

    Attributes:
        last_heartbeat_at: the latest time at which a scheduler was awake.
        paused_since: when sealing was stopped because the clock had jumped; None while it goes on.
    """

    last_heartbeat_at: datetime = field(validator=check_utc)
    paused_since: datetime | None = field(default=None, validator=check_utc)

    @property
    def is_paused(self) -> bool:
        """Whether no week may be sealed until a person says that the clock is right."""
        return self.paused_since is not None

    def record(self, now: datetime) -> "SchedulerHeartbeat":
        """The heartbeat after a scheduler woke up at ``now``."""
        jumped = now - self.last_heartbeat_at > MAX_HEARTBEAT_GAP
        paused_since = now if jumped and not self.is_paused else self.paused_since
        return evolve(self, last_heartbeat_at=max(self.last_heartbeat_at, now), paused_since=paused_since)
