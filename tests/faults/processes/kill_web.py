"""Web processes that are killed while leads with resumes come in.

A start is measured in processor time, on which other work on the machine has less influence.
"""

import os
import signal
import time
from contextlib import ExitStack, suppress

from attrs import evolve, frozen

from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.shared_bugs import LOST_COMMITS
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic, check_nothing_lost
from tests.faults.harness.web_server import START_TIMEOUT_SECONDS, children_of, processor_seconds
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Program, Running, Site, free_port

_CLIENTS = 4
_WORKERS = 2
_MAX_START_SECONDS = 3.0
_MAX_LIFETIME_SECONDS = 0.7


@frozen
class _Start:
    """How long a server took until it was ready."""

    seconds: float
    processor_seconds: float


def run(sandbox: Sandbox) -> None:
    """Kill the server with its workers, or one worker, repeatedly at random moments."""
    kills = sandbox.size(10, 200, ci=4)
    site = Site(free_port())
    program = sandbox.program(PORT=site.port, WEB_WORKERS=_WORKERS, LOG_LEVEL="info")
    program = evolve(program, is_forked=False)  # its starts are measured
    traffic = Traffic(site)
    with ExitStack() as stack:
        with traffic.of(_CLIENTS):
            starts = [
                _live(sandbox, program, site, only_one_worker=number % 4 == 0) for number in range(kills)
            ]
            stack.enter_context(program.start("web"))
            site.wait_until_ready(START_TIMEOUT_SECONDS)
        sandbox.findings.record(kills=kills, dropped=traffic.outcomes[DROPPED])
        again = starts[1:]  # the first start makes the first admin, too
        sandbox.findings.record(ready_after=round(max(start.seconds for start in again), 2))
        most = max(start.processor_seconds for start in again)
        sandbox.findings.expect_seconds(_MAX_START_SECONDS, processor_seconds=round(most, 2))
        sandbox.findings.expect_equal(
            0, other_responses=traffic.count_statuses_except(201, DROPPED, NOT_SENT)
        )
    check_nothing_lost(sandbox, traffic)


def _live(sandbox: Sandbox, program: Program, site: Site, *, only_one_worker: bool) -> _Start:
    """Start a server, kill it after a moment, and return how long it took to be ready."""
    began = time.monotonic()
    with program.start("web") as running:
        site.wait_until_ready(START_TIMEOUT_SECONDS)
        took = _Start(time.monotonic() - began, processor_seconds(running.process.pid))
        time.sleep(sandbox.rng.uniform(0, _MAX_LIFETIME_SECONDS))
        if only_one_worker:
            workers = eventually(lambda: children_of(running.process.pid), "a worker", START_TIMEOUT_SECONDS)
            _kill(sandbox.rng.choice(workers))
            time.sleep(sandbox.rng.uniform(0, _MAX_LIFETIME_SECONDS))
        _kill_all(running, site)
    return took


def _kill_all(running: Running, site: Site) -> None:
    workers = children_of(running.process.pid)
    running.stop(signal.SIGKILL)
    for worker in workers:
        _kill(worker)
    # A worker that was just being replaced lives a moment longer, and would answer for the next server.
    eventually(lambda: not site.is_ready(), "the killed server gone", START_TIMEOUT_SECONDS)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it has just exited
        os.kill(pid, signal.SIGKILL)


CAMPAIGN = Campaign("kill-web", "web processes killed while leads come in", run, bugs=(LOST_COMMITS,))
