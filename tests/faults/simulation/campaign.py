"""Simulations of new seeds on every core."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count

from attrs import frozen

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import MEMORY
from tests.faults.simulation.bugs import BUGS
from tests.faults.simulation.failures import shrink, simulate
from tests.faults.simulation.simulation import Size

_SECONDS_TO_SHRINK = 60.0
_MAX_SEED = 2**32
_planted: list[str] = []
"""The name of the planted bug, if any; it has to reach other processes."""


@frozen
class _Done:
    """What one core has simulated; ``failure`` describes the failure that ended it."""

    runs: int
    attempts: int
    failure: str | None = None


def run(sandbox: Sandbox) -> None:
    """Simulate until the time is up or a promise is broken; print how to repeat a failure."""
    seconds, cores = sandbox.size(20, 3600), os.cpu_count() or 1
    seeds = [sandbox.rng.randrange(_MAX_SEED) for _ in range(cores)]
    began = time.monotonic()
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(_simulate, seeds, [seconds] * cores, [[*_planted]] * cores))
    minutes = (time.monotonic() - began) / 60
    weeks, attempts = sum(one.runs for one in done) * Size().weeks, sum(one.attempts for one in done)
    sandbox.findings.record(weeks=weeks, attempts=attempts)
    sandbox.findings.record(weeks_a_minute=f"{weeks / minutes:.0f}")
    sandbox.findings.record(attempts_a_minute=f"{attempts / minutes:.0f}")
    failures = [one.failure for one in done if one.failure]
    for failure in failures if not _planted else ():
        print(failure, file=sys.stderr)  # noqa: T201 - for the person who looks for the cause
    sandbox.findings.expect_equal(0, failures=len(failures))
    sandbox.findings.faults += [failure.partition("\n")[0] for failure in failures]


def _simulate(first: int, seconds: float, planted: list[str]) -> _Done:
    bug = BUGS[planted[0]] if planted else None
    end = time.monotonic() + seconds
    attempts = 0
    for runs in count(1):
        outcome = simulate(first + runs, size=Size(), bug=bug)
        attempts += outcome.attempts
        if outcome.error:
            shrunk = shrink(outcome, seconds=0 if bug else _SECONDS_TO_SHRINK, size=Size(), bug=bug)
            return _Done(runs, attempts, shrunk.description)
        if time.monotonic() > end:
            return _Done(runs, attempts)
    raise AssertionError


@contextmanager
def _plant(name: str) -> Iterator[None]:
    _planted.append(name)
    try:
        yield
    finally:
        _planted.clear()


CAMPAIGN = Campaign(
    "simulation",
    "crashes, clocks and failures in every order, simulated in memory",
    run,
    databases_used=(MEMORY,),
    bugs=tuple(PlantedBug(name, partial(_plant, name)) for name in BUGS),
)
