"""Numbers about leads in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import Delays, SourceProgress, most_frequent
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadStatistics(LeadStatistics):
    """An in-memory ``LeadStatistics``; see the port for its promises."""

    _transaction: Transaction

    def by_state(self, time_range: TimeRange) -> dict[LeadState, int]:
        return dict(Counter(lead.state for lead in self._cohort(time_range)))

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        return most_frequent(Counter(lead.source for lead in self._cohort(time_range)).items())

    def progress_by_source(self, time_range: TimeRange) -> dict[str | None, SourceProgress]:
        cohort = list(self._cohort(time_range))
        contacted = Counter(one.source for one in cohort if one.contacted_at and one.state != "PENDING")
        converted = Counter(one.source for one in cohort if one.state is LeadState.CONVERTED)
        sources = {*contacted, *converted}
        return {source: SourceProgress(contacted[source], converted[source]) for source in sources}

    def by_owner(self, time_range: TimeRange) -> dict[str | None, int]:
        return most_frequent(Counter(lead.owner for lead in self._cohort(time_range)).items(), limit=None)

    def by_lost_reason(self, time_range: TimeRange) -> dict[str | None, int]:
        lost = (lead for lead in self._cohort(time_range) if lead.state is LeadState.LOST)
        return most_frequent(Counter(lead.lost_reason for lead in lost).items())

    def count(self, time_range: TimeRange) -> int:
        return sum(1 for _ in self._cohort(time_range))

    def next_created(self, time_range: TimeRange) -> datetime | None:
        return min((lead.created_at for lead in self._cohort(time_range)), default=None)

    def last_captured(self, source: str | None, time_range: TimeRange) -> datetime | None:
        return max((lead.created_at for lead in self._captured(source, time_range)), default=None)

    def captured_by_hour(self, source: str | None, time_range: TimeRange) -> Mapping[datetime, int]:
        captured = self._captured(source, time_range)
        return Counter(lead.created_at.replace(minute=0, second=0, microsecond=0) for lead in captured)

    def lost_after_contact(self, time_range: TimeRange) -> int:
        return sum(
            lead.state is LeadState.LOST and bool(lead.contacted_at) for lead in self._cohort(time_range)
        )

    def delays(self, time_range: TimeRange) -> Delays:
        cohort = self._cohort(time_range)
        waits = sorted(lead.contacted_at - lead.created_at for lead in cohort if lead.contacted_at)
        return Delays.of(len(waits), lambda rank: waits[rank : rank + 2])

    def _captured(self, source: str | None, time_range: TimeRange) -> Iterator[Lead]:
        cohort = self._cohort(time_range)
        return (lead for lead in cohort if lead.source == source and lead.import_id is None)

    def _cohort(self, time_range: TimeRange) -> Iterator[Lead]:
        leads = self._transaction.tables.leads.values()
        return (lead for lead in leads if lead.duplicate_of is None and time_range.contains(lead.created_at))
