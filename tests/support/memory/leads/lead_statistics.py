"""Numbers about leads in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from attrs import frozen

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.cohort_counts import CohortCounts, LeadGroup, campaign_of
from leadtracker.domain.model.reports.statistics import most_frequent
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from tests.support.memory.store import Transaction


@frozen
class MemoryLeadStatistics(LeadStatistics):
    """An in-memory ``LeadStatistics``; see the port for its promises."""

    _transaction: Transaction

    def counts(self, time_range: TimeRange) -> CohortCounts:
        return CohortCounts.of(self._group(lead) for lead in self._cohort(time_range))

    def by_source(self, time_range: TimeRange) -> dict[str | None, int]:
        return most_frequent(Counter(lead.source for lead in self._cohort(time_range)).items())

    def count(self, time_range: TimeRange) -> int:
        return sum(1 for _ in self._cohort(time_range))

    def next_created(self, time_range: TimeRange) -> datetime | None:
        return min((lead.created_at for lead in self._cohort(time_range)), default=None)

    def last_captured(self, source: str | None, time_range: TimeRange) -> datetime | None:
        return max((lead.created_at for lead in self._captured(source, time_range)), default=None)

    def captured_by_hour(self, source: str | None, time_range: TimeRange) -> Mapping[datetime, int]:
        captured = self._captured(source, time_range)
        return Counter(lead.created_at.replace(minute=0, second=0, microsecond=0) for lead in captured)

    def delays(self, time_range: TimeRange) -> list[timedelta]:
        cohort = self._cohort(time_range)
        return sorted(lead.contacted_at - lead.created_at for lead in cohort if lead.contacted_at)

    def delays_from(
        self, time_range: TimeRange, shortest: timedelta | None, *, skipped: int
    ) -> list[timedelta]:
        found = [delay for delay in self.delays(time_range) if shortest is None or delay >= shortest]
        return found[skipped : skipped + 2]

    def _group(self, lead: Lead) -> LeadGroup:
        leads = self._transaction.tables.leads.values()
        repeats = [one for one in leads if one.duplicate_of == lead.id]
        last = max(repeats, key=lambda one: (one.created_at, one.id), default=lead)
        return LeadGroup(
            source=lead.source,
            owner=lead.owner,
            lost_reason=lead.lost_reason,
            first_touch=campaign_of(lead.utm_source, lead.utm_medium, lead.utm_campaign),
            last_touch=campaign_of(last.utm_source, last.utm_medium, last.utm_campaign),
            state=lead.state,
            was_contacted=lead.contacted_at is not None,
        )

    def _captured(self, source: str | None, time_range: TimeRange) -> Iterator[Lead]:
        cohort = self._cohort(time_range)
        return (lead for lead in cohort if lead.source == source and lead.import_id is None)

    def _cohort(self, time_range: TimeRange) -> Iterator[Lead]:
        leads = self._transaction.tables.leads.values()
        return (lead for lead in leads if lead.duplicate_of is None and time_range.contains(lead.created_at))
