"""Find a seed whose simulation fails, repeat it, and shrink it to the decisions that it takes."""

import time
from collections.abc import Iterable, Iterator

from attrs import frozen

from tests.faults.simulation.decisions import Decisions
from tests.faults.simulation.promises import PromiseBroken
from tests.faults.simulation.simulation import Bug, Simulation, Size

_TRACE_LINES = 25


@frozen
class Outcome:
    """The result of a simulation.

    Attributes:
        unusual: the numbers of the decisions that were unusual.
        attempts: the number of deliveries that were attempted.
        error: the broken promise, or the error of the program; None if there was none.
        trace: the last steps, one in each line.
        is_restricted: whether only some decisions might be unusual; without that the seed repeats the run.
    """

    seed: int
    unusual: tuple[int, ...]
    attempts: int
    error: Exception | None
    trace: str
    is_restricted: bool

    @property
    def description(self) -> str:
        """The failure, and how to repeat it."""
        only = f" --only {','.join(map(str, self.unusual)) or 'none'}" if self.is_restricted else ""
        repeat = f"python -m tests.faults.simulation {self.seed}{only}"
        return f"{type(self.error).__name__}: {self.error}\n{self.trace}\nRepeat it with: {repeat}"


def simulate(seed: int, *, size: Size, bug: Bug | None = None, only: Iterable[int] | None = None) -> Outcome:
    """Run one simulation.

    Args:
        seed: decides everything.
        size: how much happens.
        bug: a bug to plant.
        only: the numbers of the decisions that may be unusual; None allows all.
    """
    decisions = Decisions(seed, None if only is None else frozenset(only))
    simulation = Simulation(decisions, size, bug)
    error: Exception | None = None
    try:
        simulation.run()
    except Exception as raised:  # noqa: BLE001 - an error of the program is a failure as well
        error = raised
    trace = "\n".join(
        f"{now:%b %d %H:%M:%S.%f}  {process:11}  {call:45}  {event or ''}".rstrip()
        for now, process, call, event in [*simulation.world.trace][-_TRACE_LINES:]
    )
    return Outcome(seed, tuple(decisions.unusual), simulation.world.sent, error, trace, only is not None)


def find_failure(
    seeds: Iterable[int], *, seconds: float, size: Size, bug: Bug | None = None
) -> Outcome | None:
    """Simulate one seed after the other, and return the first failure; None if there is none in time."""
    end = time.monotonic() + seconds
    for seed in seeds:
        outcome = simulate(seed, size=size, bug=bug)
        if outcome.error:
            return outcome
        if time.monotonic() > end:
            break
    return None


def shrink(failure: Outcome, *, seconds: float, size: Size, bug: Bug | None = None) -> Outcome:
    """Return the same kind of failure with as few unusual decisions as can be found in time.

    Leaves out ever smaller parts of the unusual decisions, as long as the simulation still fails in the same
    way (delta debugging, Zeller 1999).
    """
    end = time.monotonic() + seconds
    part = max(1, len(failure.unusual) // 2)
    while time.monotonic() < end:
        for fewer in _without_a_part(failure.unusual, part):
            outcome = simulate(failure.seed, size=size, bug=bug, only=fewer)
            if _is_same(outcome, failure) and len(outcome.unusual) < len(failure.unusual):
                failure = outcome
                break
            if time.monotonic() > end:
                return failure
        else:
            if part == 1:
                return failure
            part //= 2
    return failure


def _without_a_part(numbers: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    """Yield the numbers without each part of that size; the last parts first, which influence the least."""
    for end in range(len(numbers), 0, -size):
        yield numbers[: max(0, end - size)] + numbers[end:]


def _is_same(one: Outcome, other: Outcome) -> bool:
    return type(one.error) is type(other.error) and _promise(one) == _promise(other)


def _promise(outcome: Outcome) -> str:
    return str(outcome.error).partition(": ")[2] if isinstance(outcome.error, PromiseBroken) else ""
