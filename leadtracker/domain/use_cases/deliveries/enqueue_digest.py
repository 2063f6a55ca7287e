"""Enqueue the daily digest of all leads, and that of the own leads of each user."""

from datetime import date, datetime

from attrs import frozen

from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
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
    _digest_time: DailyTime
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
            digest = self._read_digest.for_mail(tx, now)
            owners = [user for user in tx.users.all() if user.reachable_at and self._has_work(tx, user, now)]
        with self._unit_of_work() as tx:
            if not tx.digest_days.add(day, now):
                return None
            mails = 0 if digest.is_empty else self._notifications.digest(tx, now)
            mails += sum(self._notifications.digest_of_owner(tx, owner, now) for owner in owners)
            tx.commit()
        return EnqueuedDigest(day, mails)

    def _has_work(self, tx: UnitOfWork, user: User, now: datetime) -> bool:
        return not self._read_digest(tx, now, owner=user.name, max_counted=0).is_empty
