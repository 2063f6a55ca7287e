"""The scheduler's heartbeat in the database."""

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import HeartbeatRow
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.ports.scheduling import HeartbeatStore

_ROW_ID = 1  # one installation has one heartbeat


@frozen
class PeeweeHeartbeatStore(HeartbeatStore):
    """See the port for its promises."""

    _executor: StatementExecutor

    def read(self) -> SchedulerHeartbeat | None:
        row = self._executor.row(_select, self._executor.lock_row)
        if row is None:
            return None
        decode = self._executor.dialect.from_db_timestamp
        return SchedulerHeartbeat(
            last_heartbeat_at=decode(row.last_heartbeat_at),
            paused_since=row.paused_since and decode(row.paused_since),
        )

    def save(self, heartbeat: SchedulerHeartbeat) -> None:
        self._executor.write(_upsert, **asdict(heartbeat))


def _select(lock: RowLock) -> peewee.Node:
    query = HeartbeatRow.select(HeartbeatRow.last_heartbeat_at, HeartbeatRow.paused_since)
    return lock(query.where(HeartbeatRow.id == peewee.Value(_ROW_ID, converter=False)))


def _upsert() -> peewee.Node:
    values = {
        HeartbeatRow.id: peewee.Value(_ROW_ID, converter=False),
        HeartbeatRow.last_heartbeat_at: param("last_heartbeat_at"),
        HeartbeatRow.paused_since: param("paused_since"),
    }
    return HeartbeatRow.insert(values).on_conflict(
        conflict_target=[HeartbeatRow.id],
        preserve=[HeartbeatRow.last_heartbeat_at, HeartbeatRow.paused_since],
    )
