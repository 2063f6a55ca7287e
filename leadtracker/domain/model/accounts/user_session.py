"""Login sessions of users."""

from datetime import datetime, timedelta

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

MAX_SESSION_IDLE = timedelta(minutes=30)
"""A session expires after this time without a request."""

MAX_SESSION_AGE = timedelta(hours=12)
"""A session expires after this time in any case."""

BETWEEN_SIGHTINGS = timedelta(minutes=1)
"""The minimum time between two updates of ``seen_at``, so that most page views write nothing."""


@frozen(kw_only=True)
class UserSession:
    """A login session of one browser.

    Attributes:
        digest: the SHA-256, in hex, of the secret in the browser's cookie.
        user: the user's name.
        seen_at: when it was last used, to within a minute.
    """

    digest: str = field(repr=False)
    user: str
    started_at: datetime = field(validator=check_utc)
    seen_at: datetime = field(validator=check_utc)

    def is_over(self, now: datetime) -> bool:
        """Return True if the session has expired."""
        return now - self.seen_at >= MAX_SESSION_IDLE or now - self.started_at >= MAX_SESSION_AGE

    def is_to_be_seen(self, now: datetime) -> bool:
        """Return True if a use at ``now`` should update ``seen_at``."""
        return now - self.seen_at >= BETWEEN_SIGHTINGS
