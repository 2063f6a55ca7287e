"""The simulation of the ledger and the deliveries: a short run, and that it finds planted bugs."""

import random

import pytest

from tests.faults.simulation.bugs import BUGS
from tests.faults.simulation.decisions import Decisions
from tests.faults.simulation.failures import find_failure, shrink, simulate
from tests.faults.simulation.simulation import Bug, Simulation, Size

SMALL = Size(weeks=2)
SECONDS_TO_FIND = 60.0


def test_no_promise_is_broken_in_new_simulations() -> None:
    first = random.SystemRandom().randrange(2**32)
    failure = find_failure(range(first, first + 1000), seconds=2, size=SMALL)
    assert failure is None, failure.description


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_planted_bug_is_found(bug: Bug) -> None:
    assert find_failure(range(1000), seconds=SECONDS_TO_FIND, size=SMALL, bug=bug) is not None


def test_simulation_is_a_function_of_its_seed() -> None:
    runs = [Simulation(Decisions(7), SMALL) for _ in range(2)]
    for run in runs:
        run.run()
    assert runs[0].world.trace == runs[1].world.trace
    assert runs[0].world.store.committed == runs[1].world.store.committed


def test_failure_is_repeated_and_shrunk() -> None:
    bug = BUGS["a report is stored without a check of its epoch"]
    failure = find_failure(range(1000), seconds=SECONDS_TO_FIND, size=SMALL, bug=bug)
    assert failure is not None
    shrunk = shrink(failure, seconds=5, size=SMALL, bug=bug)
    assert len(shrunk.unusual) < len(failure.unusual)
    repeated = simulate(failure.seed, size=SMALL, bug=bug, only=shrunk.unusual)
    assert str(repeated.error) == str(shrunk.error)
    assert f"{failure.seed} --only" in repeated.description


def test_nothing_unusual_happens_unless_allowed() -> None:
    outcome = simulate(7, size=SMALL, only=[])
    assert outcome.error is None
    assert outcome.unusual == ()
