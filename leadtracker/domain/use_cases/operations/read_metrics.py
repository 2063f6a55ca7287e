"""Metrics of an installation, for monitoring."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen

from leadtracker.domain.model.deliveries.canary import RUNS_WITH_RESULT, last_result
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class Metrics:
    """The shared state of all processes of an installation, without personal data.

    Attributes:
        deliveries: the number of deliveries in each open state.
        delivery_delay: the time since the oldest due delivery came due; zero if none is due.
        reports: the number of weekly reports in each state.
        report_delay: the time since the oldest due weekly report came due; zero if none is due.
        heartbeat_age: the time since the last scheduler heartbeat; None if no scheduler has ever run.
        canary_passed: whether the last daily test of the public form has passed; None if none has ended.
        canary_age: the time since it ended; None if none has.
    """

    deliveries: Mapping[DeliveryState, int]
    delivery_delay: timedelta
    reports: Mapping[ReportState, int]
    report_delay: timedelta
    heartbeat_age: timedelta | None
    canary_passed: bool | None
    canary_age: timedelta | None


@frozen(kw_only=True)
class ReadMetrics:
    """Read the metrics from the store, cheaply enough for a scrape every few seconds."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self) -> Metrics:
        """Return the current metrics.

        Raises:
            StorageUnavailable: the store is down.
        """
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            reports, heartbeat = tx.ledger.all(), tx.heartbeat.read()
            deliveries, due_since = tx.deliveries.count_open(), tx.deliveries.due_since(now)
            canary = last_result(tx.canary_runs.latest(RUNS_WITH_RESULT))
        states = Counter(report.state for report in reports)
        due = (report.with_expired_lease_closed(now).due_at for report in reports)
        report_since = min((timestamp for timestamp in due if timestamp and timestamp <= now), default=None)
        return Metrics(
            deliveries=deliveries,
            delivery_delay=_since(due_since, now),
            reports={state: states[state] for state in ReportState},
            report_delay=_since(report_since, now),
            heartbeat_age=_since(heartbeat.last_heartbeat_at, now) if heartbeat else None,
            canary_passed=None if canary is None else canary.failure is None,
            canary_age=None if canary is None else _since(canary.finished_at, now),
        )


def _since(timestamp: datetime | None, now: datetime) -> timedelta:
    return max(now - timestamp, timedelta(0)) if timestamp else timedelta(0)
