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
    """The simulations of one core; ``failure`` describes the failure that ended them."""

    runs: int
    attempts: int
    processor_seconds: float
    failure: str | None = None


def run(sandbox: Sandbox) -> None:
    """Simulate until the time is up or a promise is broken; print how to repeat a failure."""
    seconds, cores = sandbox.size(20, 3600), os.cpu_count() or 1
    seeds = [sandbox.rng.randrange(_MAX_SEED) for _ in range(cores)]
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(_simulate, seeds, [seconds] * cores, [[*_planted]] * cores))
    weeks, attempts = sum(one.runs for one in done) * Size().weeks, sum(one.attempts for one in done)
    sandbox.findings.record(weeks=weeks, attempts=attempts)
    # By processor time: other work on this machine does not count.
    per_minute = [60 / one.processor_seconds for one in done]
    rates = [
        (one.runs * Size().weeks * rate, one.attempts * rate)
        for one, rate in zip(done, per_minute, strict=True)
    ]
    sandbox.findings.record(weeks_a_minute=f"{sum(weeks for weeks, _ in rates):.0f}")
    sandbox.findings.record(attempts_a_minute=f"{sum(attempts for _, attempts in rates):.0f}")
    failures = [one.failure for one in done if one.failure]
    for failure in failures if not _planted else ():
        print(failure, file=sys.stderr)  # noqa: T201 - for the person who looks for the cause
    sandbox.findings.expect_equal(0, failures=len(failures))
    sandbox.findings.faults += [failure.partition("\n")[0] for failure in failures]


def _simulate(first: int, seconds: float, planted: list[str]) -> _Done:
    bug = BUGS[planted[0]] if planted else None
    end, began = time.monotonic() + seconds, time.process_time()
    attempts = 0
    for runs in count(1):
        outcome = simulate(first + runs, size=Size(), bug=bug)
        attempts += outcome.attempts
        if outcome.error:
            taken = time.process_time() - began
            shrunk = shrink(outcome, seconds=0 if bug else _SECONDS_TO_SHRINK, size=Size(), bug=bug)
            return _Done(runs, attempts, taken, shrunk.description)
        if time.monotonic() > end:
            return _Done(runs, attempts, time.process_time() - began)
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
    bugs=tuple(PlantedBug(name, ("failures",), partial(_plant, name)) for name in BUGS),
)
