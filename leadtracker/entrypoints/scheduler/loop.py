"""The scheduler process: runs until it is told to stop."""

import signal
from threading import Event
from types import FrameType

import structlog

from leadtracker.container import Container
from leadtracker.entrypoints.scheduler.jobs import Jobs, plan_jobs

_LONGEST_NAP_SECONDS = 1.0


def run_forever(container: Container) -> None:
    """Do what is due, as it becomes due, until SIGINT or SIGTERM; then finish the item in hand."""
    stop = _stop_on_signals()
    scheduler = plan_jobs(Jobs(container, stop))
    log = structlog.get_logger(__name__)
    log.info("scheduler started")
    scheduler.run_all()
    while not stop.is_set():
        scheduler.run_pending()
        stop.wait(min(max(scheduler.idle_seconds or 0.0, 0.0), _LONGEST_NAP_SECONDS))
    log.info("scheduler stopped")


def run_once(container: Container) -> bool:
    """Do what is due now until nothing is; False if an attempt failed."""
    jobs = Jobs(container, _stop_on_signals())
    jobs.seal()
    jobs.remind()
    jobs.digest()
    all_arrived = jobs.deliver()
    all_sent = jobs.send_mail()
    jobs.sweep()
    return all_sent and all_arrived


def _stop_on_signals() -> Event:
    stop = Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return stop
