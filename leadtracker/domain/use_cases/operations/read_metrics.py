"""The figures of an installation, for whoever watches it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class Metrics:
    """How things stand; nothing in it is about a person.

    Attributes:
        messages: how many are in each state in which somebody waits for them.
        delivery_delay: for how long the oldest due message has waited; zero if none is due.
        reports: how many weekly reports are in each state.
        report_delay: as ``delivery_delay``, of weekly reports.
        silence: how long ago a scheduler was last seen; None if none ever was.
    """

    deliveries: Mapping[DeliveryState, int]
    delivery_delay: timedelta
    reports: Mapping[ReportState, int]
    report_delay: timedelta
    heartbeat_age: timedelta | None


@frozen(kw_only=True)
class ReadMetrics:
    """Read what all processes of an installation share; cheap enough to be asked every few seconds."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self) -> Metrics:
        """The figures as they are now.

        Raises:
            StorageUnavailable: the store is down.
        """
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            reports, heartbeat = tx.ledger.all(), tx.heartbeat.read()
            deliveries, due_since = tx.deliveries.count_open(), tx.deliveries.due_since(now)
        states = Counter(report.state for report in reports)
        due = (report.with_expired_lease_closed(now).due_at for report in reports)
        report_since = min((timestamp for timestamp in due if timestamp and timestamp <= now), default=None)
        return Metrics(
            deliveries=deliveries,
            delivery_delay=_since(due_since, now),
            reports={state: states[state] for state in ReportState},
            report_delay=_since(report_since, now),
            heartbeat_age=_since(heartbeat.last_heartbeat_at, now) if heartbeat else None,
        )


def _since(timestamp: datetime | None, now: datetime) -> timedelta:
    return max(now - timestamp, timedelta(0)) if timestamp else timedelta(0)
