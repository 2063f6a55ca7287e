"""Run the jobs: until a signal stops the process, or once."""

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
_SHUTDOWN_TIMEOUT_SECONDS = 29.0  # service managers commonly kill a process 30 seconds after SIGTERM


def run_forever(container: Container) -> None:
    """Run every job on its schedule until SIGINT or SIGTERM; then finish the items in progress."""
    stop = _stop_on_signals()
    workers = [
        Thread(target=_run, args=(plan, stop), daemon=True) for plan in plan_jobs(Jobs(container, stop))
    ]
    log = structlog.get_logger(__name__)
    log.info("scheduler started")
    for worker in workers:
        worker.start()
    # Not stop.wait(): a signal that another thread receives does not wake it, and a handler that runs while
    # the main thread holds the event's lock would deadlock in stop.set().
    while not stop.is_set():
        time.sleep(_POLL_INTERVAL_SECONDS)
    log.info("scheduler stopping; finishing the items in progress")
    deadline = time.monotonic() + _SHUTDOWN_TIMEOUT_SECONDS
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
    unfinished = sum(worker.is_alive() for worker in workers)
    if unfinished:
        log.warning("worker threads did not finish; their items will be tried again", number=unfinished)
    log.info("scheduler stopped")


def run_once(container: Container) -> bool:
    """Do everything that is due now; False if an attempt to send something failed."""
    jobs = Jobs(container, _stop_on_signals())
    # What causes mails and events comes first, so that nothing is due at the end.
    jobs.seal()
    jobs.remind()
    jobs.enqueue_account_mails()
    jobs.enqueue_digest()
    jobs.alert_silence()
    jobs.enforce_retention()
    outcomes = [jobs.run_canary(), jobs.send_reports(), jobs.send_mail(), jobs.discard_events()]
    outcomes.append(jobs.run_canary())  # its mail was sent
    outcomes.extend(map(jobs.send_events, jobs.endpoints()))
    jobs.cleanup()
    jobs.sweep_resumes()
    jobs.roll_up()
    return all(outcomes)


def _run(plan: schedule.Scheduler, stop: Event) -> None:
    plan.run_all()
    while not stop.is_set():
        plan.run_pending()
        stop.wait(min(max(plan.idle_seconds or 0.0, 0.0), _MAX_SLEEP_SECONDS))


def _stop_on_signals() -> Event:
    stop = Event()

    def request_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, request_stop)
    signal.signal(signal.SIGTERM, request_stop)
    return stop
