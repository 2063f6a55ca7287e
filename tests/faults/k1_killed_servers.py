"""K1: web processes that are killed while leads with resumes come in."""

import os
import signal
import time
from contextlib import ExitStack, suppress

from tests.faults.campaign import Campaign, Ground
from tests.faults.served import children_of
from tests.faults.traffic import DROPPED, NOT_SENT, Traffic, check_kept
from tests.support.processes import Program, Running, Site, free_port

_PEOPLE = 4
_WORKERS = 2
_READY_TIMEOUT_SECONDS = 3.0
_MAX_LIFETIME_SECONDS = 0.7


def run(ground: Ground) -> None:
    """Kill the server with its workers, or one worker, again and again, at any moment."""
    kills = ground.size(10, 200)
    site = Site(free_port())
    program = ground.program(PORT=site.port, WEB_WORKERS=_WORKERS, LOG_LEVEL="info")
    traffic = Traffic(site)
    with ExitStack() as stack:
        with traffic.of(_PEOPLE):
            waits = [_live(ground, program, site, one_worker=number % 4 == 0) for number in range(kills)]
            stack.enter_context(program.start("web"))
            site.wait_until_ready()
        ground.tally.tell(kills=kills, dropped=traffic.outcomes[DROPPED])
        again = waits[1:]  # the first start makes the first admin, too
        ground.tally.at_most(_READY_TIMEOUT_SECONDS, slowest_start=round(max(again), 2))
        ground.tally.exactly(0, other_responses=traffic.statuses_but(201, DROPPED, NOT_SENT))
    check_kept(ground, traffic)


def _live(ground: Ground, program: Program, site: Site, *, one_worker: bool) -> float:
    """Start a server, let it work for a moment and kill it; how long it took until it was ready."""
    began = time.monotonic()
    with program.start("web") as running:
        site.wait_until_ready()
        took = time.monotonic() - began
        time.sleep(ground.dice.uniform(0, _MAX_LIFETIME_SECONDS))
        if one_worker:
            _kill(ground.dice.choice(children_of(running.process.pid)))
            time.sleep(ground.dice.uniform(0, _MAX_LIFETIME_SECONDS))
        _kill_all(running)
    return took


def _kill_all(running: Running) -> None:
    workers = children_of(running.process.pid)
    running.stop(signal.SIGKILL)
    for worker in workers:
        _kill(worker)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(pid, signal.SIGKILL)


CAMPAIGN = Campaign("K1", "web processes killed while leads come in", run)
