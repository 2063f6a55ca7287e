"""The jobs of the scheduler, and how often each runs.

A job asks the database what is due and does it. It keeps no state in memory, so that any number of
schedulers may run, crash and restart. To add a job, write a method here and list it in ``plan_jobs``, in the
worker thread of jobs that may wait for it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event
from typing import TypeVar

import schedule
import structlog
from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.entrypoints.scheduler.job_log import (
    log_canary,
    log_delivery,
    log_reminders,
    log_report,
    log_sealing,
)

SEAL_INTERVAL_SECONDS = 30
REMINDER_INTERVAL_SECONDS = 5
DELIVERY_INTERVAL_SECONDS = 1
CLEANUP_INTERVAL_SECONDS = 3600
ALERT_INTERVAL_SECONDS = 3600
CANARY_INTERVAL_SECONDS = 30
ROLLUP_INTERVAL_SECONDS = 60

Item = TypeVar("Item")
Job = Callable[[], object]


@frozen
class Jobs:
    """The jobs of one scheduler process.

    Once ``stop`` is set, each job finishes the item in progress, claims no other, and returns.
    """

    _container: Container
    _stop: Event

    def seal(self) -> None:
        """Record the heartbeat and seal the weeks that are over."""
        log_sealing(self._container.seal_weeks()())

    def send_reports(self) -> bool:
        """Send the weekly reports that are due; False if an attempt failed."""
        all_delivered = True
        for report in self._until_stopped(self._container.send_due_reports()()):
            all_delivered &= report.attempts[-1].outcome is Outcome.DELIVERED
            log_report(report)
        return all_delivered

    def send_mail(self) -> bool:
        """Send the mails that are due; False if an attempt failed."""
        if self._stop.is_set():
            return True
        # Exhaust the iterator even when stopping: each yielded mail has already claimed the next one.
        return _log_all(self._container.deliver_notifications().mail(until=self._stop.is_set))

    def endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Return the endpoints whose events ``send_events`` sends."""
        return self._container.deliver_notifications().endpoints

    def send_events(self, endpoint: WebhookEndpoint) -> bool:
        """Send the events that are due at an endpoint; False if an attempt failed."""
        return _log_all(self._until_stopped(self._container.deliver_notifications().events(endpoint)))

    def discard_events(self) -> bool:
        """Fail the events that wait for removed endpoints; False if there were any."""
        discarded = self._container.deliver_notifications().discard_for_removed_endpoints()
        return _log_all(self._until_stopped(discarded))

    def remind(self) -> None:
        """Enqueue the reminders of follow-ups that have come due."""
        for reminded in self._until_stopped(self._container.remind_follow_ups()()):
            log_reminders(reminded)

    def enqueue_account_mails(self) -> None:
        """Enqueue the mails with links to choose a password."""
        number = self._container.enqueue_account_mails()()
        if number:
            structlog.get_logger(__name__).info("links to choose a password enqueued", number=number)

    def enqueue_digest(self) -> None:
        """Enqueue the digest of the day if it is due."""
        digest = self._container.enqueue_digest()()
        if digest is not None and digest.mails:
            log = structlog.get_logger(__name__)
            log.info("digest made", day=digest.day.isoformat(), mails=digest.mails)

    def alert_silence(self) -> None:
        """Enqueue the alerts about sources that have fallen silent."""
        silent = self._container.alert_silence()()
        if silent:
            structlog.get_logger(__name__).warning("sources are silent", number=len(silent))

    def run_canary(self) -> bool:
        """Do the next step of the daily test of the public form; False if an attempt has failed."""
        if self._stop.is_set():
            return True
        ended = self._container.run_canary()()
        if ended is not None:
            log_canary(ended)
        return ended is None or ended.failure is None

    def roll_up(self) -> None:
        """Count the leads of the days and weeks that have closed or changed, for statistics."""
        for _week in self._until_stopped(self._container.roll_up_leads()()):
            pass

    def cleanup(self) -> None:
        """Delete expired idempotency keys, sessions, quarantined leads, files to import and audit entries."""
        purged = self._container.purge_idempotency_keys()()
        if purged:
            structlog.get_logger(__name__).info("expired idempotency keys deleted", number=purged)
        self._container.user_sessions().purge_expired()
        self._container.enqueue_account_mails().purge_expired()
        self._container.manage_quarantine().purge_expired()
        self._container.import_files().purge_expired()
        self._container.read_audit_log().purge_expired()

    def enforce_retention(self) -> None:
        """Erase the persons whose retention has ended."""
        number = sum(1 for _ in self._until_stopped(self._container.enforce_retention()()))
        if number:
            structlog.get_logger(__name__).info("persons erased by retention", number=number)

    def sweep_resumes(self) -> None:
        """Delete stored objects that no lead refers to."""
        number = sum(1 for _ in self._until_stopped(self._container.file_storage().sweep()))
        if number:
            structlog.get_logger(__name__).info("objects without a resume deleted", number=number)

    def _until_stopped(self, items: Iterator[Item]) -> Iterator[Item]:
        """Check for a stop before each step, because the step claims the item that it yields."""
        while not self._stop.is_set():
            try:
                yield next(items)
            except StopIteration:
                return


def plan_jobs(jobs: Jobs) -> list[schedule.Scheduler]:
    """Plan one schedule for each worker thread; threads run concurrently, the jobs of one in turn."""
    return [
        _plan(
            (SEAL_INTERVAL_SECONDS, jobs.seal),
            (REMINDER_INTERVAL_SECONDS, jobs.remind),
            (REMINDER_INTERVAL_SECONDS, jobs.enqueue_account_mails),
            (REMINDER_INTERVAL_SECONDS, jobs.enqueue_digest),
            (ALERT_INTERVAL_SECONDS, jobs.alert_silence),
            (CLEANUP_INTERVAL_SECONDS, jobs.cleanup),
            # Rarely, because a web server that restarts first enqueues for endpoints that are new here.
            (CLEANUP_INTERVAL_SECONDS, jobs.discard_events),
        ),
        _plan((CANARY_INTERVAL_SECONDS, jobs.run_canary)),
        _plan(
            (CLEANUP_INTERVAL_SECONDS, jobs.enforce_retention),
            (CLEANUP_INTERVAL_SECONDS, jobs.sweep_resumes),
        ),
        _plan((ROLLUP_INTERVAL_SECONDS, jobs.roll_up)),
        _plan((DELIVERY_INTERVAL_SECONDS, jobs.send_reports)),
        _plan((DELIVERY_INTERVAL_SECONDS, jobs.send_mail)),
        *(
            _plan((DELIVERY_INTERVAL_SECONDS, partial(jobs.send_events, endpoint)))
            for endpoint in jobs.endpoints()
        ),
    ]


def _plan(*planned: tuple[int, Job]) -> schedule.Scheduler:
    scheduler = schedule.Scheduler()
    for seconds, job in planned:
        scheduler.every(seconds).seconds.do(_run_safely, job)
    return scheduler


def _run_safely(job: Job) -> None:
    """Run a job and log its error; ``schedule`` would let the error end the thread with its other jobs."""
    try:
        job()
    except Exception:  # noqa: BLE001 - the other jobs continue, whatever the error
        structlog.get_logger(__name__).exception("job failed; it will be tried again")


def _log_all(deliveries: Iterator[Delivery]) -> bool:
    """Log each delivery; False if an attempt failed."""
    all_finished = True
    for delivery in deliveries:
        all_finished &= delivery.is_finished
        log_delivery(delivery)
    return all_finished
