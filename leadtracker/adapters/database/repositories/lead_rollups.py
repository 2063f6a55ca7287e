"""Rollups in the database, and the changes that they have not counted."""

import json
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.row_batches import InsertInto
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import LeadChangeRow, LeadRollupRow, LeadRow
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import KINDS, CohortCounts, GroupCounts, Period, Rollup
from leadtracker.domain.model.reports.statistics import DelayHistogram, Delays
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.reports.lead_rollups import LeadRollups

_ROLLUP_LOCK = 0x1EB0  # an arbitrary number that no other advisory lock of this package uses
_MICROSECOND = timedelta(microseconds=1)
_MAX_PARSED = 256
"""The parsed texts of so many rollups are kept, those of two years and of the days of a week."""

_to_counts = partial(
    tuple.__new__, GroupCounts
)  # half of the time of calling the class: a year has thousands


@frozen
class PeeweeLeadRollups(LeadRollups):
    """See the port for its promises."""

    _executor: StatementExecutor

    def current(self, zone: str, period: Period, time_range: TimeRange) -> list[Rollup]:
        bounds = (time_range.start is not None, time_range.end is not None)
        values = {"zone": zone, "period": period, "start": time_range.start, "end": time_range.end}
        rows = self._executor.rows(_select_current, bounds, **values)
        return [self._to_rollup(row, period) for row in rows]

    def starts(self, zone: str, period: Period) -> set[datetime]:
        decode = self._executor.dialect.from_db_timestamp
        rows = self._executor.rows(_select_starts, zone=zone, period=period)
        return {decode(row.start_at) for row in rows}

    def begin(self, time_range: TimeRange) -> None:
        self._executor.hold_lock(_ROLLUP_LOCK)
        self._executor.write(_delete_changes, start=time_range.start, end=time_range.end)

    def put(self, zone: str, rollup: Rollup) -> None:
        delays = rollup.time_to_contact
        values: dict[str, object] = {
            "zone": zone,
            "period": rollup.period,
            "start_at": rollup.time_range.start,
            "end_at": rollup.time_range.end,
            "counts": counts_to_json(rollup.counts),
            "delays": json.dumps(list(rollup.delays.bins.items()), separators=(",", ":")),
            "contacted": delays.contacted,
            "median": _to_microseconds(delays.median),
            "p90": _to_microseconds(delays.p90),
        }
        self._executor.write(_delete_rollup, **values)
        self._executor.write(_insert_rollup, **values)

    def remove_other_zones(self, zone: str) -> None:
        self._executor.write(_delete_other_zones, zone=zone)

    def record_change(self, created_at: datetime) -> None:
        self._executor.write(insert_change, created_at=created_at)

    def _to_rollup(self, row: Row, period: Period) -> Rollup:
        decode = self._executor.dialect.from_db_timestamp
        return Rollup(
            period=period,
            time_range=TimeRange(decode(row.start_at), decode(row.end_at)),
            counts=counts_from_json(row.counts),
            time_to_contact=Delays(row.contacted, _to_duration(row.median), _to_duration(row.p90)),
            delays=_delays_from_json(row.delays),
        )


def counts_to_json(counts: CohortCounts) -> str:
    """Return counts as JSON: groups are pairs of a name and its numbers, because a name may be null."""
    groups = {kind: [[name, *group] for name, group in getattr(counts, kind).items()] for kind in KINDS}
    content: dict[str, Any] = {"by_state": counts.by_state, "total": counts.total, **groups}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=_MAX_PARSED)
def counts_from_json(text: str) -> CohortCounts:
    """Return the counts that ``counts_to_json`` has written."""
    content = json.loads(text)
    groups = {kind: {group[0]: _to_counts(group[1:]) for group in content[kind]} for kind in KINDS}
    return CohortCounts(
        by_state={LeadState(state): number for state, number in content["by_state"].items()},
        total=GroupCounts(*content["total"]),
        **groups,
    )


@lru_cache(maxsize=_MAX_PARSED)
def _delays_from_json(text: str) -> DelayHistogram:
    return DelayHistogram(dict(json.loads(text)))


def insert_change() -> peewee.Node:
    """Record a change of leads that were created at a time."""
    return LeadChangeRow.insert({LeadChangeRow.created_at: param("created_at")})


def insert_changes(insert_into: InsertInto) -> peewee.Node:
    """Record changes of leads that were created at several times."""
    return insert_into(LeadChangeRow, [LeadChangeRow.created_at])


def insert_change_of() -> peewee.Node:
    """Record a change of a stored lead; inserts no row if there is none with that id."""
    return _insert_changes(LeadRow.select(LeadRow.created_at).where(LeadRow.id == param("id")))


def insert_change_of_primary() -> peewee.Node:
    """Record a change of the primary lead of a stored lead; inserts no row if that is no duplicate."""
    primary = LeadRow.alias()
    query = LeadRow.select(primary.created_at).join(primary, on=primary.id == LeadRow.duplicate_of)
    return _insert_changes(query.where(LeadRow.id == param("id")))


def erase_from_rollups(executor: StatementExecutor, lead_id: str) -> None:
    """Delete the rollups that count a lead or its primary lead, before it is erased: they hold its texts."""
    for row in executor.rows(_select_created, id=lead_id):
        executor.write(insert_change, created_at=row.created_at)
        executor.write(_delete_rollups_at, created_at=row.created_at)


def _select_created() -> peewee.Node:
    stored = LeadRow.alias()
    primary = stored.select(stored.duplicate_of).where(stored.id == param("id"))
    return LeadRow.select(LeadRow.created_at).where((LeadRow.id == param("id")) | (LeadRow.id == primary))


def _delete_rollups_at() -> peewee.Node:
    row, created_at = LeadRollupRow, param("created_at")
    return row.delete().where(row.start_at <= created_at, row.end_at > created_at)


def _insert_changes(query: Select) -> peewee.Node:
    return LeadChangeRow.insert_from(query, (LeadChangeRow.created_at,))


def _current(*columns: peewee.Field) -> Select:
    row, change = LeadRollupRow, LeadChangeRow
    changes = change.select(peewee.SQL("1")).where(
        change.created_at >= row.start_at, change.created_at < row.end_at
    )
    is_current = peewee.NodeList((peewee.SQL("NOT EXISTS"), changes))
    return row.select(*columns).where(row.zone == param("zone"), row.period == param("period"), is_current)


def _select_current(bounds: tuple[bool, bool]) -> peewee.Node:
    row = LeadRollupRow
    query = _current(row.start_at, row.end_at, row.counts, row.delays, row.contacted, row.median, row.p90)
    has_start, has_end = bounds
    if has_start:
        query = query.where(row.start_at >= param("start"))
    if has_end:
        query = query.where(row.end_at <= param("end"))
    return query.order_by(row.start_at)


def _select_starts() -> peewee.Node:
    return _current(LeadRollupRow.start_at)


def _delete_changes() -> peewee.Node:
    created_at = LeadChangeRow.created_at
    return LeadChangeRow.delete().where(created_at >= param("start"), created_at < param("end"))


def _delete_rollup() -> peewee.Node:
    row = LeadRollupRow
    is_same = (row.zone == param("zone")) & (row.period == param("period"))
    return row.delete().where(is_same, row.start_at == param("start_at"))


def _insert_rollup() -> peewee.Node:
    fields = LeadRollupRow._meta.sorted_fields
    return LeadRollupRow.insert({field: param(field.column_name) for field in fields})


def _delete_other_zones() -> peewee.Node:
    return LeadRollupRow.delete().where(LeadRollupRow.zone != param("zone"))


def _to_microseconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _MICROSECOND


def _to_duration(microseconds: int | None) -> timedelta | None:
    return None if microseconds is None else microseconds * _MICROSECOND
