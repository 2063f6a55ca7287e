"""What the scheduler does, and how often.

A job asks the database what is due and does it; it keeps nothing in mind, so any number of schedulers may
run, be killed and come back. To add one: write a method here and a line in ``plan_jobs``.
"""

from collections.abc import Callable
from threading import Event

import schedule
import structlog
from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.model.delivery import Attempt, Outcome
from leadtracker.domain.model.message import Message, MessageState
from leadtracker.domain.model.weekly_report import ReportState, WeeklyReport

SECONDS_BETWEEN_SEALINGS = 30
SECONDS_BETWEEN_DELIVERIES = 1
SECONDS_BETWEEN_TIDYINGS = 3600


@frozen
class Jobs:
    """The jobs of one scheduler process."""

    _container: Container
    _stop: Event

    def seal(self) -> None:
        """Beat the pulse and seal the weeks that are over."""
        sealing = self._container.seal_weeks()()
        log = structlog.get_logger(__name__)
        if sealing.pulse.is_held:
            log.error(
                "no week is sealed: the clock jumped by more than 35 days; if it is right now, run: "
                "leadtracker report send",
                held_since=str(sealing.pulse.held_since),
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
        if self._stop.is_set():
            return all_arrived
        for report in self._container.deliver_reports()():
            all_arrived &= report.attempts[-1].outcome is Outcome.DELIVERED
            _tell(report)
            if self._stop.is_set():
                break
        return all_arrived

    def send_mail(self) -> bool:
        """Send the messages that are due; False if an attempt failed. Told to stop, as above."""
        all_sent = True
        if self._stop.is_set():
            return all_sent
        for message in self._container.deliver_mail()(until=self._stop.is_set):
            all_sent &= message.state is MessageState.SENT
            _tell_of_mail(message)
        return all_sent

    def tidy(self) -> None:
        """Forget what is kept for a limited time only."""
        forgotten = self._container.forget_requests()()
        if forgotten:
            structlog.get_logger(__name__).info("idempotency keys forgotten", number=forgotten)


def plan_jobs(jobs: Jobs) -> schedule.Scheduler:
    """A scheduler with every job planned; each is also run once at the start."""
    scheduler = schedule.Scheduler()
    planned: tuple[tuple[int, Callable[[], object]], ...] = (
        (SECONDS_BETWEEN_SEALINGS, jobs.seal),
        (SECONDS_BETWEEN_DELIVERIES, jobs.deliver),
        (SECONDS_BETWEEN_DELIVERIES, jobs.send_mail),
        (SECONDS_BETWEEN_TIDYINGS, jobs.tidy),
    )
    for seconds, job in planned:
        scheduler.every(seconds).seconds.do(_survive, job)
    return scheduler


def _survive(job: Callable[[], object]) -> None:
    """Run a job; ``schedule`` itself would let an error end the loop and with it all other jobs."""
    try:
        job()
    except Exception:  # noqa: BLE001 - whatever it was, the other jobs must go on
        structlog.get_logger(__name__).exception("job failed; it will be tried again")


def _tell(report: WeeklyReport) -> None:
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


def _tell_of_mail(message: Message) -> None:
    # The recipient is personal data; the id leads to it.
    attempt = message.attempts[-1]
    log = structlog.get_logger(__name__).bind(
        message=message.id, kind=message.kind.value, attempt=attempt.number, detail=attempt.detail
    )
    if message.state is MessageState.SENT:
        log.info("mail sent")
    elif message.state is MessageState.DEAD:
        log.error("mail given up; look at it with: leadtracker outbox list --state dead")
    else:
        log.warning("mail not sent", outcome=attempt.outcome, next_attempt_at=str(message.due_at))
