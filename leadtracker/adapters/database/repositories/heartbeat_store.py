"""The schedulers' pulse in the database."""

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import PulseRow
from leadtracker.domain.model.reports.heartbeat import Pulse
from leadtracker.domain.ports.reports.heartbeat_store import PulseStore

_ROW_ID = 1  # there is one installation, so there is one row


@frozen
class PeeweePulseStore(PulseStore):
    """See the port for what it promises."""

    _executor: StatementExecutor

    def read(self) -> Pulse | None:
        row = self._executor.row(_select, self._executor.lock_row)
        if row is None:
            return None
        decode = self._executor.dialect.from_db_timestamp
        last_beat_at, held_since = row
        return Pulse(last_beat_at=decode(last_beat_at), held_since=held_since and decode(held_since))

    def save(self, pulse: Pulse) -> None:
        self._executor.write(_upsert, **asdict(pulse))


def _select(lock: RowLock) -> peewee.Node:
    query = PulseRow.select(PulseRow.last_beat_at, PulseRow.held_since)
    return lock(query.where(PulseRow.id == peewee.Value(_ROW_ID, converter=False)))


def _upsert() -> peewee.Node:
    values = {
        PulseRow.id: peewee.Value(_ROW_ID, converter=False),
        PulseRow.last_beat_at: param("last_beat_at"),
        PulseRow.held_since: param("held_since"),
    }
    return PulseRow.insert(values).on_conflict(
        conflict_target=[PulseRow.id], preserve=[PulseRow.last_beat_at, PulseRow.held_since]
    )
