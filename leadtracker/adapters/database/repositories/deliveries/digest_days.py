"""The days whose digest is done, in the database."""

from datetime import date, datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.parameters import slot
from leadtracker.adapters.database.engine.statements import Session
from leadtracker.adapters.database.tables import DigestDayRow
from leadtracker.domain.ports.deliveries.digest_days import DigestDays


@frozen
class PeeweeDigestDays(DigestDays):
    """See the port for what it promises."""

    _session: Session

    def has(self, day: date) -> bool:
        return self._session.row(_select, day=day.isoformat()) is not None

    def add(self, day: date, now: datetime) -> bool:
        return self._session.write(_insert, day=day.isoformat(), done_at=now) > 0


def _select() -> peewee.Node:
    return DigestDayRow.select(DigestDayRow.day).where(DigestDayRow.day == slot("day"))


def _insert() -> peewee.Node:
    row = DigestDayRow
    return row.insert({row.day: slot("day"), row.done_at: slot("done_at")}).on_conflict(action="nothing")
