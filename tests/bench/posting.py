"""How fast leads are taken in."""

import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from attrs import frozen

from tests.bench.asks import checked, leads
from tests.bench.contenders import Server, comparison, floor, leadtracker
from tests.bench.load import HOST, Load
from tests.bench.results import Result, Results
from tests.bench.sink import MailSink


@frozen
class Scale:
    """How long to measure."""

    rounds: int
    seconds: float


def alternate(servers: Mapping[str, Server], connections: int, scale: Scale) -> Mapping[str, list[Load]]:
    """Rounds of new leads for each server in turn, so that what else the machine does hits all alike."""
    loads: dict[str, list[Load]] = {name: [] for name in servers}
    asks = {name: leads() for name in servers}
    for _ in range(scale.rounds):
        for name, server in servers.items():
            loads[name].append(checked(server, asks[name], connections=connections, seconds=scale.seconds))
    return loads


def ratios(loads: Mapping[str, list[Load]], one: str, other: str, of: Callable[[Load], float]) -> list[float]:
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


def measure_silent_mail_server(results: Results, folder: Path, scale: Scale) -> None:
    """Whether it matters to the intake that the mail server takes connections and says nothing.

    One program runs at a time: one that has mails to send would take the time of its neighbour.
    """
    with MailSink() as sink, socket.create_server((HOST, 0)) as silent:
        ports = {"healthy": sink.port, "silent": silent.getsockname()[1]}
        loads: dict[str, list[Load]] = {name: [] for name in ports}
        asks = {name: leads() for name in ports}
        for name in ports:
            (folder / name).mkdir()
        for _ in range(scale.rounds):
            for name, port in ports.items():
                with leadtracker(folder / name, "up", SMTP_URL=f"smtp+plain://{HOST}:{port}") as server:
                    load = checked(server, asks[name], connections=8, seconds=scale.seconds)
                loads[name].append(load)
    values = ratios(loads, "silent", "healthy", lambda load: load.per_second)
    results.add(Result("POST /leads, mail server silent / healthy", values, 1.0))


def measure_postgresql(results: Results, folder: Path, scale: Scale, url: str) -> None:
    """The same program on PostgreSQL and on SQLite."""
    with ExitStack() as stack:
        servers = {
            "sqlite": stack.enter_context(leadtracker(folder)),
            "postgresql": stack.enter_context(leadtracker(folder, DATABASE_URL=url)),
        }
        loads = alternate(servers, 64, scale)
    values = ratios(loads, "postgresql", "sqlite", lambda load: load.per_second)
    results.add(Result("POST /leads, 64 connections: PostgreSQL / SQLite", values, 0.6))


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
