"""Find the sources from which no lead has come for improbably long."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.model.reports.silent_source import (
    HISTORY,
    MIN_DURATION,
    MIN_LEADS,
    SilentSource,
    judge,
)
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics

_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class FindSilentSources:
    """Judge sources by their own history, which imported leads are no part of.

    Args:
        zone: the time zone of the business.
    """

    _zone: tzinfo

    def __call__(self, statistics: LeadStatistics, now: datetime) -> Iterator[SilentSource]:
        """Yield the silent ones among the MAX_SOURCES most frequent sources."""
        for source, number in statistics.by_source(_history(now)).items():
            silent = self.find(statistics, source, now) if number >= MIN_LEADS else None
            if silent is not None:
                yield silent

    def find(self, statistics: LeadStatistics, source: str | None, now: datetime) -> SilentSource | None:
        """Return the source if it is silent; None stands for the leads without a source, too."""
        last_lead_at = statistics.last_captured(source, _history(now))
        if last_lead_at is None or now - last_lead_at < MIN_DURATION:
            return None
        by_hour = statistics.captured_by_hour(source, _history(now))
        return judge(source, by_hour, last_lead_at, now, self._zone)


def _history(now: datetime) -> TimeRange:
    return TimeRange(now - HISTORY, now + _MICROSECOND)
