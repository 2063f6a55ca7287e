"""Make the digest of the day."""

from datetime import date

from attrs import frozen

from leadtracker.domain.model.deliveries.digest import DigestTime
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.enqueue_mail import EnqueueMail
from leadtracker.domain.use_cases.follow_ups.read_digest import ReadDigest


@frozen
class DigestMade:
    """The day whose digest is done, and how many mails that takes; none if there is nothing to tell."""

    day: date
    mails: int


@frozen
class MakeDigest:
    """Enqueue the digest that has come due last, unless that is done; done by any scheduler."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _time: DigestTime
    _read_digest: ReadDigest
    _enqueue_mail: EnqueueMail

    def __call__(self) -> DigestMade | None:
        """What was done now, if anything; of any number who ask, one does it."""
        now = self._clock.now()
        day = self._time.latest_day(now)
        if day is None:
            return None
        with self._unit_of_work.snapshot() as tx:
            if tx.digest_days.has(day):
                return None
            digest = self._read_digest(tx, now)
        with self._unit_of_work() as tx:
            if not tx.digest_days.add(day, now):
                return None
            mails = 0 if digest.is_empty else self._enqueue_mail.digest(tx, now)
            tx.commit()
        return DigestMade(day, mails)
