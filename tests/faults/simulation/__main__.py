"""Repeat the simulation of one seed, shrink its failure and print it."""

import argparse
import sys

from tests.faults.simulation.failures import shrink, simulate
from tests.faults.simulation.simulation import Size

_SECONDS_TO_SHRINK = 60.0


def main(arguments: list[str]) -> int:
    """Return the exit status: 1 if the simulation failed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument(
        "--only", help="the numbers of the decisions that may be unusual, separated by commas, or none"
    )
    options = parser.parse_args(arguments)
    only = options.only and [int(number) for number in options.only.split(",") if number != "none"]
    outcome = simulate(options.seed, size=Size(), only=only)
    if outcome.error is None:
        print(f"seed {options.seed}: {outcome.attempts} attempts, every promise kept")  # noqa: T201 - a command
        return 0
    print(shrink(outcome, seconds=_SECONDS_TO_SHRINK, size=Size()).description)  # noqa: T201 - a command
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
