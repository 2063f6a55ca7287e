"""The scheduler process: runs until it is told to stop."""

import signal
import time
from threading import Event, Thread
from types import FrameType

import schedule
import structlog

from leadtracker.container import Container
from leadtracker.entrypoints.scheduler.jobs import Jobs, plan_jobs

_MAX_SLEEP_SECONDS = 1.0
_POLL_INTERVAL_SECONDS = 0.2
_SHUTDOWN_TIMEOUT_SECONDS = 29.0  # whoever told it to stop may kill it after 30


def run_forever(container: Container) -> None:
    """Do what is due, as it becomes due, until SIGINT or SIGTERM; then finish the items in hand."""
    stop = _stop_on_signals()
    workers = [
        Thread(target=_run, args=(plan, stop), daemon=True) for plan in plan_jobs(Jobs(container, stop))
    ]
    log = structlog.get_logger(__name__)
    log.info("scheduler started")
    for worker in workers:
        worker.start()
    # Not stop.wait(): a signal that another thread gets does not end it, and one that comes while it holds
    # the event's lock would wait for that lock for ever.
    while not stop.is_set():
        time.sleep(_POLL_INTERVAL_SECONDS)
    log.info("told to stop; finishing what is in hand")
    deadline = time.monotonic() + _SHUTDOWN_TIMEOUT_SECONDS
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
    unfinished = sum(worker.is_alive() for worker in workers)
    if unfinished:
        log.warning("left in the middle of an attempt; it will be tried again", number=unfinished)
    log.info("scheduler stopped")


def run_once(container: Container) -> bool:
    """Do what is due now until nothing is; False if an attempt failed."""
    jobs = Jobs(container, _stop_on_signals())
    jobs.seal()
    jobs.remind()
    jobs.digest()
    outcomes = [jobs.deliver(), jobs.send_mail(), jobs.discard_webhooks()]
    outcomes.extend(map(jobs.send_webhooks, jobs.endpoints()))
    jobs.sweep_resumes()
    return all(outcomes)


def _run(plan: schedule.Scheduler, stop: Event) -> None:
    plan.run_all()
    while not stop.is_set():
        plan.run_pending()
        stop.wait(min(max(plan.idle_seconds or 0.0, 0.0), _MAX_SLEEP_SECONDS))


def _stop_on_signals() -> Event:
    stop = Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return stop
