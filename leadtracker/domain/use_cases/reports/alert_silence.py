"""Mail about sources that have fallen silent, once until they recover."""

from attrs import frozen

from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.find_silent_sources import FindSilentSources
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen(kw_only=True)
class AlertSilence:
    """Enqueue the alerts about silent sources; called by every scheduler, any number of times."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _find_silent_sources: FindSilentSources
    _notifications: Notifications

    def __call__(self) -> list[SilentSource]:
        """Return the sources that this call has enqueued an alert about.

        A source is reported once after each of its leads, so again only if it has recovered.
        """
        now = self._clock.now()
        with self._unit_of_work.snapshot() as tx:
            silent = list(self._find_silent_sources(tx.statistics, now))
        if not silent:
            return []
        with self._unit_of_work() as tx:
            tx.heartbeat.read()  # locks it, so that of concurrent schedulers one enqueues
            alerted = [
                one
                for one in silent
                if not tx.deliveries.has_silence_alert(one.source, one.last_lead_at)
                and self._notifications.source_silent(tx, one, now)
            ]
            tx.commit()
        return alerted
