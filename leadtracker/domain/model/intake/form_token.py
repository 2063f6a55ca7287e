"""Form tokens: each served form can be submitted once, after the time that a person needs for it."""

from datetime import datetime, timedelta

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

MIN_FORM_FILL_TIME = timedelta(seconds=2)
"""The minimum time between serving a form and its submission; faster ones look like spam."""

FORM_TOKEN_LIFETIME = timedelta(hours=24)
"""The time during which a form can be submitted; a submitted token is remembered as long."""


@frozen
class FormToken:
    """The token of one served form.

    Attributes:
        id: unguessable; the idempotency key of the submission.
        opened_at: when the form was served.
        consent: the mark of the text to which the form asked to consent, empty for none; None if unknown.
    """

    id: str
    opened_at: datetime = field(validator=check_utc)
    consent: str | None = None

    def is_too_fast(self, now: datetime) -> bool:
        """Return True if a submission at ``now`` is faster than a person."""
        return now - self.opened_at < MIN_FORM_FILL_TIME

    def is_over(self, now: datetime) -> bool:
        """Return True if the token has expired."""
        return now - self.opened_at >= FORM_TOKEN_LIFETIME
