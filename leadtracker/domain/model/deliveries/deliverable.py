"""Deliveries: what is sent until somebody has it, and what is known of each attempt.

Working on a delivery takes three steps, each stored before the next begins: ``claim`` (it opens an attempt
and takes a lease), the sending itself, and ``settle``. The epoch counts these steps; whoever holds an older
one has lost the right to take another. A claim whose lease ran out before it was settled is a crash, and its
attempt counts as unknown.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from attrs import evolve, field, frozen

from leadtracker.domain.model.timestamps import check_utc

LEASE = timedelta(seconds=60)
"""How long a claim lasts; twice the longest time an attempt may take, so it is never renewed."""


class Outcome(StrEnum):
    """How an attempt at a delivery ended."""

    DELIVERED = "delivered"
    NOT_SENT = "not_sent"
    REJECTED = "refused"
    RETRY = "retry"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"  # nothing was sent, because it is no longer wanted


@frozen(kw_only=True)
class DeliveryResult:
    """What a sink says of one attempt.

    Attributes:
        status: the number of the receiver's answer, if there was one.
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
class Deliverable:
    """Something to be delivered; subclasses say what, and what becomes of it after an attempt.

    Attributes:
        due_at: when the next attempt may start; None if none is wanted.
        epoch: the number of changes so far.
        leased_until: until when the last claimer has it to itself; None if nobody has.
    """

    due_at: datetime | None = field(default=None, validator=check_utc)
    epoch: int = 0
    leased_until: datetime | None = field(default=None, validator=check_utc)
    attempts: tuple[Attempt, ...] = ()

    def is_leased(self, now: datetime) -> bool:
        """Whether somebody is working on it."""
        return self.leased_until is not None and now < self.leased_until

    def is_due(self, now: datetime) -> bool:
        """Whether an attempt may start at ``now``."""
        due_at = self.with_expired_lease_closed(now).due_at
        return due_at is not None and due_at <= now

    def with_expired_lease_closed(self, now: datetime) -> Self:
        """The delivery as it is to be understood at ``now``: a claim that outlived its lease was a crash."""
        if self.leased_until is None or self.is_leased(now):
            return self
        crash = DeliveryResult(outcome=Outcome.UNKNOWN, detail="the sending process died")
        return self._close(crash, None).after_attempt(self.attempts[-1].started_at, None, 0.5)

    def claim(self, now: datetime) -> Self:
        """Take the delivery and open the next attempt; the caller must not hold it when leased."""
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
        """Close the open attempt with its result and decide what follows.

        Args:
            result: what the sink said.
            now: when it said so.
            fraction: a random number from 0 up to 1, for the backoff.
        """
        closed = evolve(self._close(result, now), epoch=self.epoch + 1)
        return closed.after_attempt(now, result.retry_after, fraction)

    def has(self, outcome: Outcome) -> bool:
        """Whether an attempt ended like that."""
        return any(attempt.outcome is outcome for attempt in self.attempts)

    def marked_sending(self) -> Self:
        """The same in the state of one that is being sent."""
        raise NotImplementedError

    def after_attempt(self, since: datetime, retry_after: timedelta | None, fraction: float) -> Self:
        """The same in the state that follows from its attempts, and due again if another is wanted.

        Args:
            since: from when a wait is counted.
            retry_after: how long the receiver asked to be left alone.
            fraction: places the wait within its spread.
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
