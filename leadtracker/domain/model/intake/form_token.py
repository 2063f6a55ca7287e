"""Forms that were handed out: each may be sent once, by a person who took the time to fill it in."""

from datetime import datetime, timedelta

from attrs import field, frozen

from leadtracker.domain.model.timestamps import check_utc

MIN_FORM_FILL_TIME = timedelta(seconds=2)
"""Nobody fills in a form in less."""

FORM_TOKEN_LIFETIME = timedelta(hours=24)
"""So long a form may lie open; a form that was sent is known for as long again."""


@frozen
class FormToken:
    """What makes one form differ from the next.

    Attributes:
        id: unguessable; whatever is sent twice with it happens once.
        opened_at: since when it can be filled in.
    """

    id: str
    opened_at: datetime = field(validator=check_utc)

    def is_too_fast(self, now: datetime) -> bool:
        """Whether it comes back sooner than a person could send it."""
        return now - self.opened_at < MIN_FORM_FILL_TIME

    def is_over(self, now: datetime) -> bool:
        """Whether it lay open for too long."""
        return now - self.opened_at >= FORM_TOKEN_LIFETIME
