"""How fast leads are taken in."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from attrs import frozen

from tests.bench.asks import checked, leads
from tests.bench.contenders import Server, comparison, floor, leadtracker
from tests.bench.load import Load
from tests.bench.results import Result, Results

_MOST_CLIENT_SHARE = 0.6


@frozen
class Scale:
    """How long to measure."""

    rounds: int
    seconds: float


def alternate(
    servers: Mapping[str, Server], connections: int, scale: Scale
) -> Mapping[str, list[Load]]:
    """Rounds of new leads for each server in turn, so that what else the machine does hits all alike."""
    loads: dict[str, list[Load]] = {name: [] for name in servers}
    asks = {name: leads() for name in servers}
    for _ in range(scale.rounds):
        for name, server in servers.items():
            loads[name].append(checked(server, asks[name], connections=connections, seconds=scale.seconds))
    return loads


def ratios(
    loads: Mapping[str, list[Load]], one: str, other: str, of: Callable[[Load], float]
) -> list[float]:
    """How one compares with the other in each round."""
    return [of(mine) / of(its) for mine, its in zip(loads[one], loads[other], strict=True)]


def measure_posts(results: Results, folder: Path, scale: Scale) -> None:
    """LeadTracker against the floor and against the comparison."""
    with ExitStack() as stack:
        servers = {
            "leadtracker": stack.enter_context(leadtracker(folder)),
            "floor": stack.enter_context(floor(folder)),
            "comparison": stack.enter_context(comparison(folder)),
        }
        alternate(servers, 8, Scale(1, scale.seconds / 4))  # to warm up
        for connections, of_floor, of_comparison in ((1, 0.6, None), (8, None, 12), (64, 0.4, 18)):
            loads = alternate(servers, connections, scale)
            _note(results, loads, connections, of_floor, of_comparison)


def measure_slow_disk_and_mail(results: Results, folder: Path, scale: Scale) -> None:
    """What a mail server that hangs does to the intake."""


def _note(
    results: Results,
    loads: Mapping[str, list[Load]],
    connections: int,
    of_floor: float | None,
    of_comparison: float | None,
) -> None:
    notes = {
        name: {
            "per_second": [round(load.per_second) for load in some],
            "p50_ms": [round(load.quantile(0.5) * 1000, 2) for load in some],
            "p99_ms": [round(load.quantile(0.99) * 1000, 2) for load in some],
            "client_share": [round(load.client_share, 2) for load in some],
        }
        for name, some in loads.items()
    }
    name = f"POST /leads, {connections} connections"
    per_floor = ratios(loads, "leadtracker", "floor", lambda load: load.per_second)
    results.add(Result(f"{name}: rate / floor", per_floor, of_floor, notes=notes))
    slower = ratios(loads, "leadtracker", "floor", lambda load: load.quantile(0.99))
    results.add(Result(f"{name}: p99 / floor", slower, 2.5 if connections == 64 else None, at_most=True))
    faster = ratios(loads, "leadtracker", "comparison", lambda load: load.per_second)
    results.add(Result(f"{name}: rate / comparison", faster, of_comparison))
