"""Enqueue the daily digest."""

from datetime import date

from attrs import frozen

from leadtracker.domain.model.deliveries.digest import DigestTime
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest


@frozen
class EnqueuedDigest:
    """The day of a digest and the number of its mails; 0 if nothing is overdue or untouched."""

    day: date
    mails: int


@frozen(kw_only=True)
class EnqueueDigest:
    """Enqueue the latest digest that has come due, unless it is enqueued; called by every scheduler."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _digest_time: DigestTime
    _read_digest: ReadDigest
    _notifications: Notifications

    def __call__(self) -> EnqueuedDigest | None:
        """Return the digest that this call enqueued, or None; of concurrent callers, one enqueues it."""
        now = self._clock.now()
        day = self._digest_time.latest_day(now)
        if day is None:
            return None
        with self._unit_of_work.snapshot() as tx:
            if tx.digest_days.has(day):
                return None
            digest = self._read_digest(tx, now)
        with self._unit_of_work() as tx:
            if not tx.digest_days.add(day, now):
                return None
            mails = 0 if digest.is_empty else self._notifications.digest(tx, now)
            tx.commit()
        return EnqueuedDigest(day, mails)
