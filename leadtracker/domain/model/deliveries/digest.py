"""The digest: a daily e-mail to users with overdue follow-ups and untouched leads.

It is due at a fixed time of day in the business's time zone. Only the latest due digest is sent: after days
of downtime there is one digest, not one per day.
"""

from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.accounts.account import ApiKey
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


@frozen
class RetentionSummary:
    """The numbers of people whom retention has erased, and will erase.

    Attributes:
        erased: the number of persons erased in the last seven days, bounded as the numbers of a digest.
        soon: the number of those who are due now or within 30 days, bounded alike.
        is_news: true once a week, when it is reported even if there is nothing else to report.
    """

    erased: int
    soon: int
    is_news: bool


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
        retention: what retention has erased and will erase; None in the digest of one user, and if there is
            nothing to say.
        expiring_keys: the API keys that expire soon, the next one first; none in the digest of one user.
    """

    overdue: tuple[Overdue, ...]
    number_overdue: int
    untouched: tuple[Lead, ...]
    number_untouched: int
    untouched_for: timedelta
    failed_canary: CanaryRun | None = None
    retention: RetentionSummary | None = None
    expiring_keys: tuple[ApiKey, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to report."""
        is_news = self.retention is not None and self.retention.is_news
        is_idle = not self.overdue and not self.untouched
        return is_idle and self.failed_canary is None and not is_news and not self.expiring_keys
