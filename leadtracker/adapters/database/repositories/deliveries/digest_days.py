"""The days whose digest was enqueued, in the database."""

from datetime import date, datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import DigestDayRow
from leadtracker.domain.ports.scheduling import DigestDays


@frozen
class PeeweeDigestDays(DigestDays):
    """See the port for its promises."""

    _executor: StatementExecutor

    def has(self, day: date) -> bool:
        return self._executor.row(_select, day=day.isoformat()) is not None

    def add(self, day: date, now: datetime) -> bool:
        return self._executor.write(_insert, day=day.isoformat(), done_at=now) > 0


def _select() -> peewee.Node:
    return DigestDayRow.select(DigestDayRow.day).where(DigestDayRow.day == param("day"))


def _insert() -> peewee.Node:
    row = DigestDayRow
    return row.insert({row.day: param("day"), row.done_at: param("done_at")}).on_conflict(action="nothing")
