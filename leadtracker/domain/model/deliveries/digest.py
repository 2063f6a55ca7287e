"""The digest: a daily e-mail to users with overdue follow-ups and untouched leads.

It is due at a fixed time of day in the business's time zone. Only the latest due digest is sent: after days
of downtime there is one digest, not one per day.
"""

from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.deliveries.canary import CanaryRun
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead

MAX_SHOWN = 50
"""The maximum number of follow-ups, and of leads, that a digest lists."""

MAX_COUNTED = 1_000
"""The maximum that a digest counts; counting more would take time and help no reader."""


@frozen
class Overdue:
    """An open follow-up whose due time has passed, and its lead."""

    follow_up: FollowUp
    lead: Lead


@frozen(kw_only=True)
class Digest:
    """The content of a digest.

    Attributes:
        overdue: overdue follow-ups, the longest overdue first; at most ``MAX_SHOWN``.
        number_overdue: their number; ``MAX_COUNTED + 1`` means more than ``MAX_COUNTED``.
        untouched: leads without a first contact or a follow-up, the oldest first; at most ``MAX_SHOWN``.
        number_untouched: their number, bounded in the same way.
        untouched_for: the minimum age of an untouched lead.
        failed_canary: the last test of the public form, if it has failed; None in the digest of an owner.
    """

    overdue: tuple[Overdue, ...]
    number_overdue: int
    untouched: tuple[Lead, ...]
    number_untouched: int
    untouched_for: timedelta
    failed_canary: CanaryRun | None = None

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to report."""
        return not self.overdue and not self.untouched and self.failed_canary is None
