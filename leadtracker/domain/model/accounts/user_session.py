"""Sessions of users who signed in to the pages."""

from datetime import datetime, timedelta

from attrs import field, frozen

from leadtracker.domain.model.timestamps import check_utc

MAX_SESSION_IDLE = timedelta(minutes=30)
"""A session that nobody uses for so long is over."""

MAX_SESSION_AGE = timedelta(hours=12)
"""However much it is used, a session is over after this time."""

BETWEEN_SIGHTINGS = timedelta(minutes=1)
"""Using a session is written down no more often than this, so that looking at pages is no writing."""


@frozen(kw_only=True)
class UserSession:
    """A time in which somebody's browser acts for a user.

    Attributes:
        digest: the SHA-256 of the secret that the browser holds, in hex.
        user: the user's name.
        seen_at: when it was used last, give or take a minute.
    """

    digest: str = field(repr=False)
    user: str
    started_at: datetime = field(validator=check_utc)
    seen_at: datetime = field(validator=check_utc)

    def is_over(self, now: datetime) -> bool:
        """Whether it counts no more."""
        return now - self.seen_at >= MAX_SESSION_IDLE or now - self.started_at >= MAX_SESSION_AGE

    def is_to_be_seen(self, now: datetime) -> bool:
        """Whether its use at ``now`` should be written down."""
        return now - self.seen_at >= BETWEEN_SIGHTINGS
