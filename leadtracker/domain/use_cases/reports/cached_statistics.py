"""The numbers of the leads of the last days, which may be a little old where reading them takes long."""

from datetime import datetime, timedelta

from attrs import define, field

from leadtracker.domain.model.leads.statistics import CohortStatistics
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.use_cases.reports.read_statistics import ReadStatistics

RECENT = timedelta(days=30)
_CACHE_FACTOR = 50


@define
class CachedStatistics:
    """Reads them anew after 50 times as long as reading took, so it takes 2 % of the time at most.

    Where there are few leads, that is at once: the numbers are those of the moment. With a million leads they
    may be some seconds old. May be shared by threads; at worst two of them read at the same time.
    """

    _read_statistics: ReadStatistics
    _clock: Clock
    _cohort: CohortStatistics | None = field(default=None, init=False)
    _expires_at: datetime | None = field(default=None, init=False)

    def __call__(self, statistics: LeadStatistics) -> CohortStatistics:
        """The numbers of the leads that came in within ``RECENT``."""
        began = self._clock.now()
        cohort, expires_at = self._cohort, self._expires_at
        if cohort is not None and expires_at is not None and began < expires_at:
            return cohort
        cohort = self._read_statistics.of(statistics, TimeRange(began - RECENT, None))
        ended = self._clock.now()
        self._cohort, self._expires_at = cohort, ended + _CACHE_FACTOR * (ended - began)
        return cohort
