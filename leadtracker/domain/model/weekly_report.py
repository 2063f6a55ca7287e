"""The weekly report: one number per week, sealed once, delivered until somebody has it.

A report moves ``planned → sending → delivered | unknown | failed``; a week that was too old to send when
it was sealed is ``missed``. Working on a report takes three steps, each stored before the next begins:
``claim`` (it opens an attempt and takes a lease), the sending itself, and ``settle``. The epoch counts these
steps; whoever holds an older one has lost the right to take another. A claim whose lease ran out before it
was settled is a crash, and its attempt counts as unknown.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.backoff import REFUSED_DELAY, bounded_retry_after, delay_after
from leadtracker.domain.model.instant import check_utc
from leadtracker.domain.model.week import Week

LEASE = timedelta(seconds=60)
"""How long a claim lasts; twice the longest time an attempt may take, so it is never renewed."""


class ReportState(StrEnum):
    """Where a weekly report stands."""

    PLANNED = "planned"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"
    MISSED = "missed"


class Outcome(StrEnum):
    """How an attempt at a delivery ended."""

    DELIVERED = "delivered"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class DeliveryResult:
    """What a sink says of one attempt.

    Attributes:
        status: the HTTP status of the answer, if there was one.
        detail: what happened, in words without secrets.
        retry_after: how long the receiver asked to be left alone.
    """

    outcome: Outcome
    status: int | None = None
    detail: str | None = None
    retry_after: timedelta | None = None


@frozen(kw_only=True)
class Attempt:
    """One try at a delivery; without an outcome it is going on, or its process died."""

    number: int
    started_at: datetime = field(validator=check_utc)
    finished_at: datetime | None = field(default=None, validator=check_utc)
    outcome: Outcome | None = None
    status: int | None = None
    detail: str | None = None


@frozen(kw_only=True)
class WeeklyReport:
    """A row of the ledger: a closed week, its sealed number, and what became of it.

    Attributes:
        number_of_leads: counted when the week was sealed; never changed afterwards.
        due_at: when the next attempt may start; None if none is wanted.
        epoch: the number of changes so far.
        leased_until: until when the last claimer has it to itself; None if nobody has.
    """

    week: Week
    number_of_leads: int
    state: ReportState = ReportState.PLANNED
    sealed_at: datetime = field(validator=check_utc)
    due_at: datetime | None = field(default=None, validator=check_utc)
    epoch: int = 0
    leased_until: datetime | None = field(default=None, validator=check_utc)
    attempts: tuple[Attempt, ...] = ()

    @classmethod
    def seal(cls, week: Week, number_of_leads: int, now: datetime, *, missed: bool) -> "WeeklyReport":
        """The new row of a closed week: to be sent at once, or recorded as missed."""
        return cls(
            week=week,
            number_of_leads=number_of_leads,
            state=ReportState.MISSED if missed else ReportState.PLANNED,
            sealed_at=now,
            due_at=None if missed else now,
        )

    @property
    def webhook_id(self) -> str:
        """The same on every attempt of a week, so that a receiver can recognise a repetition."""
        return f"lt-week-{self.week.name}"

    @property
    def may_have_arrived_twice(self) -> bool:
        """Whether an attempt of unknown outcome was followed by another one."""
        return _any(self.attempts[:-1], Outcome.UNKNOWN)

    def is_leased(self, now: datetime) -> bool:
        """Whether somebody is working on it."""
        return self.leased_until is not None and now < self.leased_until

    def request(self, now: datetime, *, again: bool) -> "WeeklyReport":
        """Ask for an attempt now, whatever was planned; a delivered report only moves if ``again``."""
        if self.state is ReportState.DELIVERED and not again:
            return self
        return evolve(self, due_at=now, epoch=self.epoch + 1)

    def claim(self, now: datetime) -> "WeeklyReport":
        """Take the report and open the next attempt; the caller must not hold it when leased."""
        recovered = self.as_of(now)
        opened = Attempt(number=len(recovered.attempts) + 1, started_at=now)
        return evolve(
            recovered,
            state=ReportState.SENDING,
            due_at=None,
            epoch=self.epoch + 1,
            leased_until=now + LEASE,
            attempts=(*recovered.attempts, opened),
        )

    def settle(self, result: DeliveryResult, now: datetime, fraction: float) -> "WeeklyReport":
        """Close the open attempt with its result and decide what follows.

        Args:
            result: what the sink said.
            now: when it said so.
            fraction: a random number from 0 up to 1, for the backoff.
        """
        closed = self._close(result, finished_at=now, waiting_from=now, fraction=fraction)
        return evolve(closed, epoch=self.epoch + 1)

    def as_of(self, now: datetime) -> "WeeklyReport":
        """The report as it is to be understood at ``now``: a claim that outlived its lease was a crash."""
        if self.state is not ReportState.SENDING or self.is_leased(now):
            return self
        crash = DeliveryResult(outcome=Outcome.UNKNOWN, detail="the sending process died")
        started_at = self.attempts[-1].started_at
        return self._close(crash, finished_at=None, waiting_from=started_at, fraction=0.5)

    def is_due(self, now: datetime) -> bool:
        """Whether an attempt may start at ``now``."""
        due_at = self.as_of(now).due_at
        return due_at is not None and due_at <= now

    def _close(
        self,
        result: DeliveryResult,
        *,
        finished_at: datetime | None,
        waiting_from: datetime,
        fraction: float,
    ) -> "WeeklyReport":
        closed = evolve(
            self.attempts[-1],
            finished_at=finished_at,
            outcome=result.outcome,
            status=result.status,
            detail=result.detail,
        )
        attempts = (*self.attempts[:-1], closed)
        report = evolve(self, attempts=attempts, leased_until=None, due_at=None)
        if _any(attempts, Outcome.DELIVERED):
            return evolve(report, state=ReportState.DELIVERED)
        wait = _wait_after(attempts, result.retry_after, fraction)
        if wait is None:
            return evolve(report, state=ReportState.FAILED)
        state = ReportState.UNKNOWN if _any(attempts, Outcome.UNKNOWN) else ReportState.PLANNED
        return evolve(report, state=state, due_at=waiting_from + wait)


def _wait_after(
    attempts: tuple[Attempt, ...], retry_after: timedelta | None, fraction: float
) -> timedelta | None:
    """How long to wait after the last of some failed attempts, or None to give up."""
    outcome = attempts[-1].outcome
    if outcome is Outcome.REFUSED:
        return REFUSED_DELAY
    failures = sum(attempt.outcome is not Outcome.REFUSED for attempt in attempts)
    wait = delay_after(failures, fraction)
    if wait is not None and outcome is Outcome.RETRY and retry_after is not None:
        return bounded_retry_after(retry_after)
    return wait


def _any(attempts: tuple[Attempt, ...], outcome: Outcome) -> bool:
    return any(attempt.outcome is outcome for attempt in attempts)
