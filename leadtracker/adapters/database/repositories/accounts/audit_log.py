"""The audit log in the database."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import AuditCounterRow, AuditEntryRow
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditEntry, AuditFilter, AuditRecord
from leadtracker.domain.ports.accounts.audit_log import AuditLog

_COLUMNS = tuple(AuditEntryRow._meta.sorted_fields)
_ONLY_ROW = 1
_MAX_GAPS = 5


@frozen
class PeeweeAuditLog(AuditLog):
    """See the port for its promises.

    One row counts the entries; its lock makes writers wait for each other.
    """

    _executor: StatementExecutor

    def append(self, record: AuditRecord) -> None:
        counted = self._executor.write_returning(_count)
        assert counted is not None, "an insert that updates on conflict always returns its row"  # noqa: S101
        self._executor.write(
            _insert,
            number=counted.last_number,
            at=record.at,
            actor=record.actor,
            action=record.action,
            subject=record.subject,
            network=record.network,
        )

    def page(self, audit_filter: AuditFilter, *, limit: int, before: int | None = None) -> list[AuditEntry]:
        values = {
            "actor": audit_filter.actor,
            "action": audit_filter.action,
            "start": audit_filter.start,
            "end": audit_filter.end,
            "before": before,
        }
        given = tuple(name for name, value in values.items() if value is not None)
        return [self._to_entry(row) for row in self._executor.rows(_select, given, limit=limit, **values)]

    def purge(self, before: datetime) -> int:
        return self._executor.erase(_delete_before, before=before)

    def gaps(self) -> list[str]:
        rows = self._executor.rows(_select_gaps)
        found = [_range(row.number + 1, row.following - 1) for row in rows]
        counter = self._executor.row(_select_counter)
        latest = self._executor.row(_select_latest)
        last_number, newest = (counter.last_number if counter else 0), (latest.number if latest else 0)
        return found if newest >= last_number else [*found, _range(newest + 1, last_number)]

    def _to_entry(self, row: Row) -> AuditEntry:
        return AuditEntry(
            row.number,
            AuditRecord(
                at=self._executor.dialect.from_db_timestamp(row.at),
                actor=row.actor,
                action=AuditAction(row.action),
                subject=row.subject,
                network=row.network,
            ),
        )


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _count() -> peewee.Node:
    row = AuditCounterRow
    first = row.insert({row.id: peewee.SQL(str(_ONLY_ROW)), row.last_number: peewee.SQL("1")})
    counted = first.on_conflict(
        conflict_target=[row.id], update={row.last_number: row.last_number + peewee.SQL("1")}
    )
    return counted.returning(row.last_number)


def _insert() -> peewee.Node:
    return AuditEntryRow.insert({column: param(column.name) for column in _COLUMNS})


def _select(given: tuple[str, ...]) -> peewee.Node:
    row = AuditEntryRow
    conditions = {
        "actor": row.actor == param("actor"),
        "action": row.action == param("action"),
        "start": row.at >= param("start"),
        "end": row.at < param("end"),
        "before": row.number < param("before"),
    }
    query = row.select(*_COLUMNS)
    for name in given:
        query = query.where(conditions[name])
    return query.order_by(row.number.desc()).limit(param("limit"))


def _delete_before() -> peewee.Node:
    row, later, latest = AuditEntryRow, AuditEntryRow.alias(), AuditEntryRow.alias()
    # Times of several hosts may be out of order, numbers are not: entries go up to the first one that stays.
    first_kept = later.select(later.number).where(later.at >= param("before")).order_by(later.number)
    newest = latest.select(peewee.fn.max(latest.number))
    return row.delete().where(row.number < peewee.fn.coalesce(first_kept.limit(peewee.SQL("1")), newest))


def _select_gaps() -> peewee.Node:
    row = AuditEntryRow
    following = peewee.fn.lead(row.number).over(order_by=[row.number])
    pairs = row.select(row.number, following.alias("following")).alias("pairs")
    is_gap = pairs.c.following > pairs.c.number + peewee.SQL("1")
    return (
        peewee.Select([pairs], [pairs.c.number, pairs.c.following])
        .where(is_gap)
        .limit(peewee.SQL(str(_MAX_GAPS)))
    )


def _select_counter() -> peewee.Node:
    return AuditCounterRow.select(AuditCounterRow.last_number)


def _select_latest() -> peewee.Node:
    return (
        AuditEntryRow.select(AuditEntryRow.number)
        .order_by(AuditEntryRow.number.desc())
        .limit(peewee.SQL("1"))
    )
