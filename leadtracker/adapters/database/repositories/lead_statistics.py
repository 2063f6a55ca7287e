"""Statistics about leads in the database."""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import CohortCounts, LeadGroup, campaign_of
from leadtracker.domain.model.reports.statistics import MAX_SOURCES, most_frequent
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics

Likelihood = Callable[[peewee.Expression, float], peewee.Node]

_MICROSECOND = timedelta(microseconds=1)
_COUNT = peewee.fn.COUNT(peewee.SQL("*"))
_LEADS = _COUNT.alias("leads")


@frozen
class PeeweeLeadStatistics(LeadStatistics):
    """See the port for its promises."""

    _executor: StatementExecutor

    def counts(self, time_range: TimeRange) -> CohortCounts:
        return CohortCounts.of(_to_group(row) for row in self._rows(_select_groups, time_range))

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        if len(self._executor.rows(_select_sources)) > MAX_SOURCES:
            return {row.source: row.leads for row in self._rows(_count_by_source, time_range)}
        counted: list[tuple[str | None, int]] = [
            (row.source, row.leads) for row in self._rows(_count_each_source, time_range)
        ]
        [without] = self._rows(_count_without_source, time_range)
        counted.append((None, without.leads))
        return most_frequent((source, number) for source, number in counted if number)

    def count(self, time_range: TimeRange) -> int:
        [row] = self._rows(_count, time_range)
        return int(row.leads)

    def next_created(self, time_range: TimeRange) -> datetime | None:
        [row] = self._rows(_first_created, time_range)
        return None if row.earliest is None else self._executor.dialect.from_db_timestamp(row.earliest)

    def last_captured(self, source: str | None, time_range: TimeRange) -> datetime | None:
        for row in self._rows(_last_captured, time_range, source is not None, source=source):
            return self._executor.dialect.from_db_timestamp(row.created_at)
        return None

    def captured_by_hour(self, source: str | None, time_range: TimeRange) -> Mapping[datetime, int]:
        variant = (source is not None, self._executor.dialect.timestamp_as_text)
        rows = self._rows(_count_by_hour, time_range, *variant, source=source)
        return {datetime.fromisoformat(f"{row.full_hour}:00Z"): row.leads for row in rows}

    def delays(self, time_range: TimeRange) -> list[timedelta]:
        rows = self._rows(_select_delays, time_range)
        return sorted(timedelta(microseconds=row.contact_delay) for row in rows)

    def delays_from(
        self, time_range: TimeRange, shortest: timedelta | None, *, skipped: int
    ) -> list[timedelta]:
        values = {"shortest": None if shortest is None else shortest // _MICROSECOND, "skipped": skipped}
        variant = (shortest is not None, self._executor.dialect.likelihood)
        rows = self._rows(_select_delays_from, time_range, *variant, **values)
        return [timedelta(microseconds=row.contact_delay) for row in rows]

    def _rows(self, build: Build, time_range: TimeRange, *variant: Hashable, **values: object) -> list[Row]:
        bounds = (time_range.start is not None, time_range.end is not None)
        values |= {"start": time_range.start, "end": time_range.end}
        return self._executor.rows(build, bounds, *variant, **values)


def _to_group(row: Row) -> LeadGroup:
    first = last = campaign_of(row.utm_source, row.utm_medium, row.utm_campaign)
    if row.is_repeated:
        last = campaign_of(row.last_source, row.last_medium, row.last_campaign)
    return LeadGroup(
        source=row.source,
        owner=row.owner,
        lost_reason=row.lost_reason,
        first_touch=first,
        last_touch=last,
        state=LeadState(row.state),
        was_contacted=bool(row.was_contacted),
        number=row.number,
    )


def _cohort(bounds: tuple[bool, bool], *columns: object) -> Select:
    query = LeadRow.select(*columns).where(LeadRow.duplicate_of.is_null())
    has_start, has_end = bounds
    if has_start:
        query = query.where(LeadRow.created_at >= param("start"))
    return query.where(LeadRow.created_at < param("end")) if has_end else query


def _count(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, _LEADS)


def _select_groups(bounds: tuple[bool, bool]) -> peewee.Node:
    row, last, repeat = LeadRow, LeadRow.alias(), LeadRow.alias()
    latest = repeat.select(repeat.id).where(repeat.duplicate_of == row.id)
    latest = latest.order_by(repeat.created_at.desc(), repeat.id.desc()).limit(1)
    values = (
        row.source,
        row.owner,
        row.lost_reason,
        row.state,
        row.contact_delay.is_null(is_null=False).alias("was_contacted"),
        row.utm_source,
        row.utm_medium,
        row.utm_campaign,
        last.id.is_null(is_null=False).alias("is_repeated"),
        last.utm_source.alias("last_source"),
        last.utm_medium.alias("last_medium"),
        last.utm_campaign.alias("last_campaign"),
    )
    query = _cohort(bounds, *values, _COUNT.alias("number"))
    is_last = (row.enquiries > 0) & (last.id == latest)
    grouped = query.join(last, peewee.JOIN.LEFT_OUTER, on=is_last)
    return grouped.group_by(*(peewee.SQL(str(position)) for position, _ in enumerate(values, 1)))


def _count_by_source(bounds: tuple[bool, bool]) -> peewee.Node:
    source = peewee.fn.COALESCE(LeadRow.source, "")
    query = _cohort(bounds, LeadRow.source, _LEADS).group_by(LeadRow.source)
    return query.order_by(_COUNT.desc(), source).limit(MAX_SOURCES)


def _count_without_source(bounds: tuple[bool, bool]) -> peewee.Node:
    return _cohort(bounds, _LEADS).where(LeadRow.source.is_null())


def _count_each_source(bounds: tuple[bool, bool]) -> peewee.Node:
    # GROUP BY would read the whole index over source and creation, whatever the time range.
    sources = _sources()
    count = _cohort(bounds, _COUNT).where(LeadRow.source == sources.c.source)
    return _from_sources(sources, sources.c.source, count.alias("leads"))


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
    return _cohort(bounds, peewee.fn.MIN(LeadRow.created_at).alias("earliest"))


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
    query = _captured(bounds, has_source, hour.alias("full_hour"), _LEADS)
    return query.group_by(peewee.SQL("full_hour"))


def _select_delays(bounds: tuple[bool, bool]) -> Select:
    return _cohort(bounds, LeadRow.contact_delay).where(LeadRow.contact_delay.is_null(is_null=False))


def _select_delays_from(
    bounds: tuple[bool, bool],
    has_shortest: bool,  # noqa: FBT001 - a variant
    likelihood: Likelihood,
) -> peewee.Node:
    row, (has_start, has_end) = LeadRow, bounds
    query = _select_delays((False, False)).order_by(row.contact_delay).limit(2).offset(param("skipped"))
    if has_shortest:
        query = query.where(row.contact_delay >= param("shortest"))
    # Sorting all leads of a long range would take longer than skipping the others in the order of an index.
    if has_start:
        query = query.where(likelihood(row.created_at >= param("start"), 0.95))
    return query.where(likelihood(row.created_at < param("end"), 0.95)) if has_end else query
