"""Weekly reports: the number of leads of a week, sealed once and sent until it is delivered.

The states are ``planned → sending → delivered | unknown | failed``; a week that was too old to be sent when
it was sealed is ``missed``.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.deliveries.backoff import REJECTED_DELAY, bounded_retry_after, delay_after
from leadtracker.domain.model.deliveries.deliverable import Attempt, Deliverable, Outcome
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import check_utc


class ReportState(StrEnum):
    """The states of a weekly report."""

    PLANNED = "planned"
    """It waits for its next attempt."""
    SENDING = "sending"
    """An attempt is in progress."""
    DELIVERED = "delivered"
    """The receiver has accepted it."""
    UNKNOWN = "unknown"
    """An attempt broke off and may have arrived; it is retried with the same id."""
    FAILED = "failed"
    """No further attempt will be made, unless a user asks for it."""
    MISSED = "missed"
    """The week was too old to be sent when it was sealed."""


@frozen(kw_only=True)
class WeeklyReport(Deliverable):
    """A row of the ledger: a closed week, its sealed number, and the attempts to send it.

    Attributes:
        number_of_leads: counted when the week was sealed; it never changes afterwards.
    """

    week: Week
    number_of_leads: int
    state: ReportState = ReportState.PLANNED
    sealed_at: datetime = field(validator=check_utc)

    @classmethod
    def seal(cls, week: Week, number_of_leads: int, now: datetime, *, missed: bool) -> "WeeklyReport":
        """Return the report of a closed week: due at once, or ``missed``."""
        return cls(
            week=week,
            number_of_leads=number_of_leads,
            state=ReportState.MISSED if missed else ReportState.PLANNED,
            sealed_at=now,
            due_at=None if missed else now,
        )

    @property
    def webhook_id(self) -> str:
        """The id that every attempt for the week sends, so that the receiver can recognise repetitions."""
        return f"lt-week-{self.week.name}"

    @property
    def may_have_arrived_twice(self) -> bool:
        """True if an attempt of unknown outcome was followed by another attempt."""
        return any(attempt.outcome is Outcome.UNKNOWN for attempt in self.attempts[:-1])

    @property
    def is_rejected(self) -> bool:
        """True if its receiver has rejected the last attempt, so that an operator has to change something."""
        is_done = self.state in {ReportState.DELIVERED, ReportState.MISSED}
        return bool(self.attempts) and not is_done and self.attempts[-1].outcome is Outcome.REJECTED

    def request(self, now: datetime, *, again: bool) -> "WeeklyReport":
        """Return the report, due at ``now``; a delivered report changes only if ``again`` is true."""
        if self.state is ReportState.DELIVERED and not again:
            return self
        return evolve(self, due_at=now, epoch=self.epoch + 1)

    def marked_sending(self) -> "WeeklyReport":
        """See the base class."""
        return evolve(self, state=ReportState.SENDING)

    def after_attempt(
        self, since: datetime, retry_after: timedelta | None, fraction: float
    ) -> "WeeklyReport":
        """See the base class; ``delivered`` is final, and a rejection waits for an operator's change."""
        if self.has(Outcome.DELIVERED):
            return evolve(self, state=ReportState.DELIVERED)
        wait = _wait_after(self.attempts, retry_after, fraction)
        if wait is None:
            return evolve(self, state=ReportState.FAILED)
        state = ReportState.UNKNOWN if self.has(Outcome.UNKNOWN) else ReportState.PLANNED
        return evolve(self, state=state, due_at=since + wait)


def _wait_after(
    attempts: tuple[Attempt, ...], retry_after: timedelta | None, fraction: float
) -> timedelta | None:
    """Return the delay after the last of some failed attempts; None to give up."""
    outcome = attempts[-1].outcome
    if outcome is Outcome.REJECTED:
        return REJECTED_DELAY
    failures = sum(attempt.outcome is not Outcome.REJECTED for attempt in attempts)
    wait = delay_after(failures, fraction)
    if wait is not None and outcome is Outcome.RETRY and retry_after is not None:
        return bounded_retry_after(retry_after)
    return wait
