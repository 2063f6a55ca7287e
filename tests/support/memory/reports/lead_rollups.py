"""Rollups in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.reports.cohort_counts import Period, Rollup
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.reports.lead_rollups import LeadRollups
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadRollups(LeadRollups):
    """An in-memory ``LeadRollups``; see the port for its promises."""

    _transaction: Transaction

    def current(self, zone: str, period: Period, time_range: TimeRange) -> list[Rollup]:
        tables = self._transaction.tables
        found = [
            rollup
            for (of_zone, of_period, _), rollup in tables.rollups.items()
            if (of_zone, of_period) == (zone, period)
            and _lies_within(rollup.time_range, time_range)
            and not any(rollup.time_range.contains(created_at) for created_at in tables.lead_changes)
        ]
        return sorted(found, key=_start)

    def starts(self, zone: str, period: Period) -> set[datetime]:
        return {_start(rollup) for rollup in self.current(zone, period, TimeRange())}

    def begin(self, time_range: TimeRange) -> None:
        tables = self._transaction.for_writing()
        tables.lead_changes = tuple(at for at in tables.lead_changes if not time_range.contains(at))

    def put(self, zone: str, rollup: Rollup) -> None:
        self._transaction.for_writing().rollups[zone, rollup.period, _start(rollup)] = rollup

    def remove_other_zones(self, zone: str) -> None:
        tables = self._transaction.for_writing()
        tables.rollups = {key: rollup for key, rollup in tables.rollups.items() if key[0] == zone}

    def record_change(self, created_at: datetime) -> None:
        self._transaction.for_writing().lead_changes += (created_at,)


def _start(rollup: Rollup) -> datetime:
    assert rollup.time_range.start is not None
    return rollup.time_range.start


def _lies_within(inner: TimeRange, outer: TimeRange) -> bool:
    assert inner.start is not None
    assert inner.end is not None
    return outer.contains(inner.start) and (outer.end is None or inner.end <= outer.end)
