"""Deliverables: everything with attempts, a lease and a backoff.

An attempt has three steps, each stored before the next begins: ``claim`` opens the attempt and takes a lease,
the worker sends, and ``record_result`` closes the attempt. Each step increments the epoch, and a worker
with an older epoch cannot store its step. A lease that expires before the result is recorded means that the
worker has crashed; the outcome of its attempt is unknown.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from attrs import evolve, field, frozen

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.values.timestamps import check_utc

LEASE = timedelta(seconds=60)
"""The duration of a claim: twice the maximum duration of an attempt, so that it needs no renewal."""


class Outcome(StrEnum):
    """The result of an attempt."""

    DELIVERED = "delivered"
    """The receiver has accepted it."""
    NOT_SENT = "not_sent"
    """Nothing can have arrived, for example because there was no connection; it is retried."""
    REJECTED = "refused"
    """The receiver has rejected it; a repetition would not help."""
    RETRY = "retry"
    """The receiver asked for another attempt, or reported a temporary failure."""
    UNKNOWN = "unknown"
    """The connection or the worker broke off: it may have arrived; it is retried."""
    CANCELLED = "cancelled"
    """Nothing was sent, on purpose."""


@frozen(kw_only=True)
class DeliveryResult:
    """The result of one attempt, as a sender returns it.

    Attributes:
        status: the status code of the receiver's response; None without a response.
        detail: what has happened.
        retry_after: the delay that the receiver requested.
    """

    outcome: Outcome
    status: int | None = None
    detail: AttemptDetail | None = None
    retry_after: timedelta | None = None


@frozen(kw_only=True)
class Attempt:
    """One attempt; ``outcome`` is None while it is in progress, or if its worker has crashed."""

    number: int
    started_at: datetime = field(validator=check_utc)
    finished_at: datetime | None = field(default=None, validator=check_utc)
    outcome: Outcome | None = None
    status: int | None = None
    detail: AttemptDetail | None = None

    @property
    def summary(self) -> str:
        """The outcome, the status and the data of the detail, without a sentence in any language."""
        data = self.detail.data().values() if self.detail else ()
        return " ".join(str(part) for part in (self.outcome, self.status, *data) if part is not None)


@frozen(kw_only=True)
class Deliverable:
    """The base of deliveries and weekly reports; subclasses decide the state after an attempt.

    Attributes:
        due_at: when the next attempt may start; None if none is planned.
        epoch: the number of stored steps; it rejects late writers.
        leased_until: when the current lease ends; None without a lease.
    """

    due_at: datetime | None = field(default=None, validator=check_utc)
    epoch: int = 0
    leased_until: datetime | None = field(default=None, validator=check_utc)
    attempts: tuple[Attempt, ...] = ()

    def is_leased(self, now: datetime) -> bool:
        """Return True if a worker holds the lease at ``now``."""
        return self.leased_until is not None and now < self.leased_until

    def is_due(self, now: datetime) -> bool:
        """Return True if an attempt may start at ``now``."""
        due_at = self.with_expired_lease_closed(now).due_at
        return due_at is not None and due_at <= now

    def is_exhausted(self, now: datetime) -> bool:
        """Return True if the process of the last possible attempt has died: no other attempt will be made."""
        is_abandoned = self.leased_until is not None and not self.is_leased(now)
        return is_abandoned and self.with_expired_lease_closed(now).due_at is None

    def with_expired_lease_closed(self, now: datetime) -> Self:
        """Return the deliverable with an attempt whose lease has expired closed as a crash."""
        if self.leased_until is None or self.is_leased(now):
            return self
        crash = DeliveryResult(outcome=Outcome.UNKNOWN, detail=AttemptDetail(DetailCode.PROCESS_DIED))
        return self._close(crash, None).after_attempt(self.attempts[-1].started_at, None, 0.5)

    def claim(self, now: datetime) -> Self:
        """Return the deliverable with a new lease and an open attempt; it must not be leased at ``now``."""
        recovered = self.with_expired_lease_closed(now)
        opened = Attempt(number=len(recovered.attempts) + 1, started_at=now)
        return evolve(
            recovered.marked_sending(),
            due_at=None,
            epoch=self.epoch + 1,
            leased_until=now + LEASE,
            attempts=(*recovered.attempts, opened),
        )

    def record_result(self, result: DeliveryResult, now: datetime, fraction: float) -> Self:
        """Return the deliverable with the open attempt closed, in the state that follows from its result.

        Args:
            result: the result of the attempt.
            now: when the attempt ended.
            fraction: a random number ≥ 0 and < 1, for the backoff.
        """
        closed = evolve(self._close(result, now), epoch=self.epoch + 1)
        return closed.after_attempt(now, result.retry_after, fraction)

    def has(self, outcome: Outcome) -> bool:
        """Return True if any attempt had this outcome."""
        return any(attempt.outcome is outcome for attempt in self.attempts)

    def marked_sending(self) -> Self:
        """Return the deliverable in its sending state."""
        raise NotImplementedError

    def after_attempt(self, since: datetime, retry_after: timedelta | None, fraction: float) -> Self:
        """Return the deliverable in the state after its last attempt, due again if it is to be retried.

        Args:
            since: the time from which the delay counts.
            retry_after: the delay that the receiver requested.
            fraction: a random number ≥ 0 and < 1, for the backoff.
        """
        raise NotImplementedError

    def _close(self, result: DeliveryResult, finished_at: datetime | None) -> Self:
        closed = evolve(
            self.attempts[-1],
            finished_at=finished_at,
            outcome=result.outcome,
            status=result.status,
            detail=result.detail,
        )
        return evolve(self, attempts=(*self.attempts[:-1], closed), leased_until=None, due_at=None)
