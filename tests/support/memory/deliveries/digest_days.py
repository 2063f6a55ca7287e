"""The days with a finished digest, in memory."""

from datetime import date, datetime

from attrs import frozen

from leadtracker.domain.ports.scheduling import DigestDays
from tests.support.memory.store import Transaction


@frozen
class MemoryDigestDays(DigestDays):
    """An in-memory ``DigestDays``; see the port for its promises."""

    _transaction: Transaction

    def has(self, day: date) -> bool:
        return day in self._transaction.tables.digest_days

    def add(self, day: date, now: datetime) -> bool:  # noqa: ARG002 - no caller reads the time from memory
        tables = self._transaction.for_writing()
        if day in tables.digest_days:
            return False
        tables.digest_days |= {day}
        return True
