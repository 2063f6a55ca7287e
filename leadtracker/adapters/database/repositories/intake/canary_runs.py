"""The daily tests of the public form, in the database."""

import json
from datetime import date

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import CanaryRunRow
from leadtracker.domain.model.deliveries.canary import CanaryFailure, CanaryRun
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.ports.intake.canary import CanaryRuns

_COLUMNS = tuple(CanaryRunRow._meta.sorted_fields)


@frozen
class PeeweeCanaryRuns(CanaryRuns):
    """See the port for its promises."""

    _executor: StatementExecutor

    def latest(self, limit: int) -> list[CanaryRun]:
        rows = self._executor.rows(_select_latest, self._executor.lock_row, limit=limit)
        return [self._to_run(row) for row in rows]

    def find_running(self, secret: str) -> CanaryRun | None:
        row = self._executor.row(_select_running, self._executor.lock_row, secret=secret)
        return None if row is None else self._to_run(row)

    def add(self, run: CanaryRun) -> bool:
        return self._executor.write(_insert, **_to_values(run)) > 0

    def save(self, run: CanaryRun) -> None:
        self._executor.write(_update, **_to_values(run))

    def purge(self, before: date) -> None:
        self._executor.write(_delete_before, before=before.isoformat())

    def _to_run(self, row: Row) -> CanaryRun:
        decode = self._executor.dialect.from_db_timestamp
        failure = row.failure
        return CanaryRun(
            day=date.fromisoformat(row.day),
            attempt=row.attempt,
            secret=row.secret,
            started_at=decode(row.started_at),
            received_at=row.received_at and decode(row.received_at),
            quarantine_reason=row.quarantine_reason,
            delivery_id=row.delivery_id,
            submitted_at=row.submitted_at and decode(row.submitted_at),
            finished_at=row.finished_at and decode(row.finished_at),
            failure=None if failure is None else CanaryFailure(failure),
            detail=None if row.detail is None else _to_detail(row.detail),
        )


def _to_values(run: CanaryRun) -> dict[str, object]:
    detail = None if run.detail is None else json.dumps(asdict(run.detail), ensure_ascii=False)
    return asdict(run, recurse=False) | {"day": run.day.isoformat(), "detail": detail}


def _to_detail(text: str) -> CanaryDetail:
    content = json.loads(text)
    return CanaryDetail(CanaryDetailCode(content["code"]), content["data"])


def _select_latest(lock: RowLock) -> peewee.Node:
    return lock(CanaryRunRow.select(*_COLUMNS).order_by(CanaryRunRow.day.desc()).limit(param("limit")))


def _select_running(lock: RowLock) -> peewee.Node:
    is_running = (CanaryRunRow.secret == param("secret")) & CanaryRunRow.finished_at.is_null()
    return lock(CanaryRunRow.select(*_COLUMNS).where(is_running))


def _insert() -> peewee.Node:
    values = {column: param(column.name) for column in _COLUMNS}
    return CanaryRunRow.insert(values).on_conflict(action="nothing")


def _update() -> peewee.Node:
    values = {column: param(column.name) for column in _COLUMNS if column is not CanaryRunRow.day}
    return CanaryRunRow.update(values).where(CanaryRunRow.day == param("day"))


def _delete_before() -> peewee.Node:
    return CanaryRunRow.delete().where(CanaryRunRow.day < param("before"))
