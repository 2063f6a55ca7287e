"""What the scheduler does, and how often.

A job asks the database what is due and does it; it keeps nothing in mind, so any number of schedulers may
run, be killed and come back. To add one: write a method here and a line in ``plan_jobs``, in the lane of
those jobs that may wait for it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event
from typing import TypeVar

import schedule
import structlog
from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import Reminded

SEAL_INTERVAL_SECONDS = 30
REMINDER_INTERVAL_SECONDS = 5
DELIVERY_INTERVAL_SECONDS = 1
CLEANUP_INTERVAL_SECONDS = 3600

Attempted = TypeVar("Attempted")
Job = Callable[[], object]


@frozen
class Jobs:
    """The jobs of one scheduler process."""

    _container: Container
    _stop: Event

    def seal(self) -> None:
        """Record the heartbeat and seal the weeks that are over."""
        sealing = self._container.seal_weeks()()
        log = structlog.get_logger(__name__)
        if sealing.heartbeat.is_paused:
            log.error(
                "no week is sealed: the clock jumped by more than 35 days; if it is right now, run: "
                "leadtracker report send",
                paused_since=str(sealing.heartbeat.paused_since),
            )
        for report in sealing.sealed:
            log.info(
                "week sealed",
                week=report.week.name,
                number_of_leads=report.number_of_leads,
                state=report.state.value,
            )

    def deliver(self) -> bool:
        """Deliver what is due; False if an attempt failed. Told to stop, it finishes the one in hand."""
        all_arrived = True
        for report in self._until_stopped(self._container.send_due_reports()()):
            all_arrived &= report.attempts[-1].outcome is Outcome.DELIVERED
            _log_report(report)
        return all_arrived

    def send_mail(self) -> bool:
        """Send the mails that are due; False if an attempt failed. Told to stop, as above."""
        if self._stop.is_set():
            return True
        # To its end, which comes soon after a stop: with each mail that it gives, the next is claimed.
        return _all_finished(self._container.deliver_mail()(until=self._stop.is_set))

    def endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Whom ``send_webhooks`` can be asked for."""
        endpoints: tuple[WebhookEndpoint, ...] = self._container.deliver_webhooks().endpoints
        return endpoints

    def send_webhooks(self, endpoint: WebhookEndpoint) -> bool:
        """Tell an endpoint what is due; False if an attempt failed. Told to stop, as above."""
        return _all_finished(
            self._until_stopped(_log_disabled_endpoints(self._container.deliver_webhooks()(endpoint)))
        )

    def discard_webhooks(self) -> bool:
        """Give up what waits for endpoints that are gone; False if there was anything."""
        return _all_finished(
            self._until_stopped(self._container.deliver_webhooks().discard_for_removed_endpoints())
        )

    def remind(self) -> None:
        """Remind the staff of what has come due; told to stop, as above."""
        for reminded in self._until_stopped(self._container.remind_follow_ups()()):
            _log_reminders(reminded)

    def digest(self) -> None:
        """Make the digest of the day if it is due."""
        made = self._container.make_digest()()
        if made is not None and made.mails:
            structlog.get_logger(__name__).info("digest made", day=made.day.isoformat(), mails=made.mails)

    def cleanup(self) -> None:
        """Forget what is kept for a limited time only."""
        purged = self._container.purge_idempotency_keys()()
        if purged:
            structlog.get_logger(__name__).info("expired idempotency keys deleted", number=purged)
        self._container.user_sessions().purge_expired()
        self._container.manage_quarantine().purge_expired()

    def sweep_resumes(self) -> None:
        """Delete contents of resumes that no lead has. Told to stop, it leaves the rest for later."""
        number = sum(1 for _ in self._until_stopped(self._container.resume_storage().sweep()))
        if number:
            structlog.get_logger(__name__).info("objects without a resume deleted", number=number)

    def _until_stopped(self, attempted: Iterator[Attempted]) -> Iterator[Attempted]:
        """One by one, asking for no other once somebody says stop: what is asked for is claimed."""
        while not self._stop.is_set():
            try:
                yield next(attempted)
            except StopIteration:
                return


def plan_jobs(jobs: Jobs) -> list[schedule.Scheduler]:
    """A scheduler for each lane; a lane waits for none of the others, its jobs wait for each other."""
    return [
        _plan(
            (SEAL_INTERVAL_SECONDS, jobs.seal),
            (REMINDER_INTERVAL_SECONDS, jobs.remind),
            (REMINDER_INTERVAL_SECONDS, jobs.digest),
            (CLEANUP_INTERVAL_SECONDS, jobs.cleanup),
            # Seldom: a web server that was restarted first may know an endpoint that is news here.
            (CLEANUP_INTERVAL_SECONDS, jobs.discard_webhooks),
        ),
        _plan((CLEANUP_INTERVAL_SECONDS, jobs.sweep_resumes)),
        _plan((DELIVERY_INTERVAL_SECONDS, jobs.deliver)),
        _plan((DELIVERY_INTERVAL_SECONDS, jobs.send_mail)),
        *(
            _plan((DELIVERY_INTERVAL_SECONDS, partial(jobs.send_webhooks, endpoint)))
            for endpoint in jobs.endpoints()
        ),
    ]


def _plan(*planned: tuple[int, Job]) -> schedule.Scheduler:
    scheduler = schedule.Scheduler()
    for seconds, job in planned:
        scheduler.every(seconds).seconds.do(_run_safely, job)
    return scheduler


def _run_safely(job: Job) -> None:
    """Run a job; ``schedule`` itself would let an error end the loop and with it all other jobs."""
    try:
        job()
    except Exception:  # noqa: BLE001 - whatever it was, the other jobs must go on
        structlog.get_logger(__name__).exception("job failed; it will be tried again")


def _all_finished(deliveries: Iterator[Delivery]) -> bool:
    """Tell of each; False if an attempt failed."""
    all_finished = True
    for delivery in deliveries:
        all_finished &= delivery.is_finished
        _log_delivery(delivery)
    return all_finished


def _log_report(report: WeeklyReport) -> None:
    attempt: Attempt = report.attempts[-1]
    log = structlog.get_logger(__name__).bind(
        week=report.week.name,
        number_of_leads=report.number_of_leads,
        attempt=attempt.number,
        detail=attempt.detail,
    )
    if report.state is ReportState.FAILED:
        log.error("weekly report given up; send it with: leadtracker report send")
    elif attempt.outcome is Outcome.DELIVERED:
        log.info("weekly report delivered")
    else:
        outcome = attempt.outcome and attempt.outcome.value
        log.warning("weekly report not delivered", outcome=outcome, next_attempt_at=str(report.due_at))


def _log_reminders(reminded: list[Reminded]) -> None:
    log = structlog.get_logger(__name__)
    log.info("follow-ups reminded of", number=len(reminded), mails=sum(one.mails for one in reminded))
    unheard = sum(one.mails == 0 for one in reminded)
    if unheard:
        log.warning("there is nobody to remind of follow-ups; set LEADTRACKER_NOTIFY", number=unheard)


def _log_disabled_endpoints(deliveries: Iterator[Delivery]) -> Iterator[Delivery]:
    for delivery in deliveries:
        attempt = delivery.attempts[-1]
        if attempt.outcome is Outcome.REJECTED and attempt.status is not None:
            structlog.get_logger(__name__).error(
                "webhook endpoint disabled: it wants no more; to tell it again: leadtracker webhook enable",
                endpoint=delivery.recipient,
            )
        yield delivery


def _log_delivery(delivery: Delivery) -> None:
    # The recipient of a mail is personal data; the id leads to it.
    attempt = delivery.attempts[-1]
    log = structlog.get_logger(__name__).bind(
        delivery=delivery.id, kind=delivery.kind.value, attempt=attempt.number, detail=attempt.detail
    )
    if delivery.state is DeliveryState.SENT:
        log.info("message sent")
    elif delivery.state is DeliveryState.CANCELLED:
        log.info("delivery cancelled")
    elif delivery.state is DeliveryState.FAILED:
        log.error("delivery failed; list the failed ones with: leadtracker deliveries list --state failed")
    else:
        log.warning("message not sent", outcome=attempt.outcome, next_attempt_at=str(delivery.due_at))
