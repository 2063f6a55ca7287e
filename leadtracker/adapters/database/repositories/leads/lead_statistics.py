"""Statistics about leads in the database."""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statements import Build, Row, StatementExecutor, param
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import MAX_SOURCES, Delays, SourceProgress, most_frequent
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics

_COUNT = peewee.fn.COUNT(peewee.SQL("*"))


@frozen
class PeeweeLeadStatistics(LeadStatistics):
    """See the port for its promises."""

    _executor: StatementExecutor

    def by_state(self, time_range: TimeRange) -> dict[LeadState, int]:
        return {LeadState(state): count for state, count in self._rows(_count_by_state, time_range)}

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        if len(self._executor.rows(_select_sources)) > MAX_SOURCES:
            return dict(self._rows(_count_by_source, time_range))
        [(without,)] = self._rows(_count_without_source, time_range)
        counted = [(None, without), *self._rows(_count_each_source, time_range)]
        return most_frequent((source, count) for source, count in counted if count)

    def progress_by_source(self, time_range: TimeRange) -> dict[str | None, SourceProgress]:
        contacted = dict(self._rows(_count_contacted_by_source, time_range))
        converted = dict(self._rows(_count_converted_by_source, time_range))
        return {
            source: SourceProgress(contacted.get(source, 0), converted.get(source, 0))
            for source in contacted | converted
        }

    def by_owner(self, time_range: TimeRange) -> dict[str | None, int]:
        owned = dict(self._rows(_count_by_owner, time_range))
        [(unowned,)] = self._rows(_count_unowned, time_range)
        return most_frequent((owned | ({None: unowned} if unowned else {})).items(), limit=None)

    def by_lost_reason(self, time_range: TimeRange) -> dict[str | None, int]:
        return most_frequent(dict(self._rows(_count_by_lost_reason, time_range)).items())

    def count(self, time_range: TimeRange) -> int:
        [(count,)] = self._rows(_count, time_range)
        return int(count)

    def next_created(self, time_range: TimeRange) -> datetime | None:
        [(created_at,)] = self._rows(_first_created, time_range)
        return None if created_at is None else self._executor.dialect.from_db_timestamp(created_at)

    def last_captured(self, source: str | None, time_range: TimeRange) -> datetime | None:
        for (created_at,) in self._rows(_last_captured, time_range, source is not None, source=source):
            return self._executor.dialect.from_db_timestamp(created_at)
        return None

    def captured_by_hour(self, source: str | None, time_range: TimeRange) -> Mapping[datetime, int]:
        variant = (source is not None, self._executor.dialect.timestamp_as_text)
        rows = self._rows(_count_by_hour, time_range, *variant, source=source)
        return {datetime.fromisoformat(f"{hour}:00Z"): number for hour, number in rows}

    def lost_after_contact(self, time_range: TimeRange) -> int:
        [(count,)] = self._rows(_count_lost_after_contact, time_range)
        return int(count)

    def delays(self, time_range: TimeRange) -> Delays:
        [(contacted,)] = self._rows(_count_contacted, time_range)

        def waits(rank: int) -> list[timedelta]:
            number = min(2, contacted - rank)
            longer = contacted - rank - number
            # OFFSET reads the skipped rows, so the query starts from the nearer end.
            select = _select_shortest if rank < longer else _select_longest
            rows = self._rows(select, time_range, number=number, skipped=min(rank, longer))
            return sorted(timedelta(microseconds=delay) for (delay,) in rows)

        return Delays.of(int(contacted), waits)

    def _rows(self, build: Build, time_range: TimeRange, *variant: Hashable, **values: object) -> list[Row]:
        bounds = (time_range.start is not None, time_range.end is not None)
        values |= {"start": time_range.start, "end": time_range.end}
        return self._executor.rows(build, bounds, *variant, **values)


def _cohort(bounds: tuple[bool, bool], *columns: object) -> Select:
    query = LeadRow.select(*columns).where(LeadRow.duplicate_of.is_null())
    has_start, has_end = bounds
    if has_start:
        query = query.where(LeadRow.created_at >= param("start"))
    return query.where(LeadRow.created_at < param("end")) if has_end else query


def _count(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, _COUNT)


def _count_by_state(bounds: tuple[bool, bool]) -> peewee.Node:
    # With the states listed, the index over state and creation is enough; no lead is read.
    every_state = LeadRow.state.in_([state.value for state in LeadState])
    return _cohort(bounds, LeadRow.state, _COUNT).where(every_state).group_by(LeadRow.state)


def _count_by_source(bounds: tuple[bool, bool]) -> peewee.Node:
    source = peewee.fn.COALESCE(LeadRow.source, "")
    query = _cohort(bounds, LeadRow.source, _COUNT).group_by(LeadRow.source)
    return query.order_by(_COUNT.desc(), source).limit(MAX_SOURCES)


def _count_contacted_by_source(bounds: tuple[bool, bool]) -> peewee.Node:
    query = _contacted(bounds, LeadRow.source, _COUNT).where(LeadRow.state != LeadState.PENDING.value)
    return query.group_by(LeadRow.source)


def _count_converted_by_source(bounds: tuple[bool, bool]) -> peewee.Node:
    query = _cohort(bounds, LeadRow.source, _COUNT).where(LeadRow.state == LeadState.CONVERTED.value)
    return query.group_by(LeadRow.source)


def _count_by_owner(bounds: tuple[bool, bool]) -> peewee.Node:
    query = _cohort(bounds, LeadRow.owner, _COUNT).where(LeadRow.owner.is_null(is_null=False))
    return query.group_by(LeadRow.owner)


def _count_unowned(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, _COUNT).where(LeadRow.owner.is_null())


def _count_by_lost_reason(bounds: tuple[bool, bool]) -> peewee.Node:
    query = _cohort(bounds, LeadRow.lost_reason, _COUNT).where(LeadRow.state == LeadState.LOST.value)
    return query.group_by(LeadRow.lost_reason)


def _count_without_source(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, _COUNT).where(LeadRow.source.is_null())


def _count_each_source(bounds: tuple[bool, bool]) -> peewee.Node:
    # GROUP BY would read the whole index over source and creation, whatever the time range.
    sources = _sources()
    count = _cohort(bounds, _COUNT).where(LeadRow.source == sources.c.source)
    return _from_sources(sources, sources.c.source, count)


def _select_sources() -> peewee.Node:
    sources = _sources()
    return _from_sources(sources, sources.c.source).limit(MAX_SOURCES + 1)


def _from_sources(sources: peewee.CTE, *columns: object) -> Select:
    known = sources.c.source.is_null(is_null=False)
    return LeadRow.select(*columns).from_(sources).where(known).with_cte(sources)


def _sources() -> peewee.CTE:
    """The distinct sources, each found by one index lookup; a NULL follows the last one."""
    first, row = LeadRow.alias(), LeadRow.alias()
    begin = first.select(peewee.fn.MIN(first.source).alias("source")).where(first.duplicate_of.is_null())
    sources = begin.cte("sources", recursive=True, columns=("source",))
    following = row.select(peewee.fn.MIN(row.source)).where(
        row.duplicate_of.is_null(), row.source > sources.c.source
    )
    return sources.union_all(
        LeadRow.select(following).from_(sources).where(sources.c.source.is_null(is_null=False))
    )


def _first_created(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, peewee.fn.MIN(LeadRow.created_at))


def _captured(bounds: tuple[bool, bool], has_source: bool, *columns: object) -> Select:  # noqa: FBT001 - a variant
    is_source = LeadRow.source == param("source") if has_source else LeadRow.source.is_null()
    return _cohort(bounds, *columns).where(is_source, LeadRow.import_id.is_null())


def _last_captured(bounds: tuple[bool, bool], has_source: bool) -> peewee.Node:  # noqa: FBT001 - a variant
    return _captured(bounds, has_source, LeadRow.created_at).order_by(LeadRow.created_at.desc()).limit(1)


def _count_by_hour(
    bounds: tuple[bool, bool],
    has_source: bool,  # noqa: FBT001 - a variant
    as_text: Callable[[peewee.Field], peewee.Node],
) -> peewee.Node:
    hour = peewee.fn.SUBSTR(as_text(LeadRow.created_at), 1, len("2026-11-16T09"))
    query = _captured(bounds, has_source, hour.alias("full_hour"), _COUNT)
    return query.group_by(peewee.SQL("full_hour"))


def _contacted(bounds: tuple[bool, bool], *columns: object) -> Select:
    return _cohort(bounds, *columns).where(LeadRow.contact_delay.is_null(is_null=False))


def _count_contacted(bounds: tuple[bool, bool]) -> peewee.Node:
    return _contacted(bounds, _COUNT)


def _count_lost_after_contact(bounds: tuple[bool, bool]) -> peewee.Node:
    return _contacted(bounds, _COUNT).where(LeadRow.state == LeadState.LOST.value)


def _select_shortest(bounds: tuple[bool, bool]) -> peewee.Node:
    return _delays(bounds).order_by(LeadRow.contact_delay)


def _select_longest(bounds: tuple[bool, bool]) -> peewee.Node:
    return _delays(bounds).order_by(LeadRow.contact_delay.desc())


def _delays(bounds: tuple[bool, bool]) -> Select:
    return _contacted(bounds, LeadRow.contact_delay).limit(param("number")).offset(param("skipped"))
