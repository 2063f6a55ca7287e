"""The schedulers' pulse: when one of them last looked, and whether sealing weeks is held."""

from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from leadtracker.domain.model.timestamps import check_utc

LONGEST_SILENCE = timedelta(days=35)
"""A longer gap between two beats may as well be a wrong clock: weeks sealed by it could never be unsealed."""


@frozen(kw_only=True)
class Pulse:
    """What the schedulers of one installation know of each other.

    Attributes:
        last_beat_at: the latest time at which a scheduler was awake.
        held_since: when sealing was stopped because the clock had jumped; None while it goes on.
    """

    last_beat_at: datetime = field(validator=check_utc)
    held_since: datetime | None = field(default=None, validator=check_utc)

    @property
    def is_held(self) -> bool:
        """Whether no week may be sealed until a person says that the clock is right."""
        return self.held_since is not None

    def beat(self, now: datetime) -> "Pulse":
        """The pulse after a scheduler woke up at ``now``."""
        jumped = now - self.last_beat_at > LONGEST_SILENCE
        held_since = now if jumped and not self.is_held else self.held_since
        return evolve(self, last_beat_at=max(self.last_beat_at, now), held_since=held_since)
