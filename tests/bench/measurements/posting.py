"""Benchmarks of ``POST /leads``."""

import math
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.accounts.account import Assignment
from tests.bench.load import HOST, Load, drive
from tests.bench.request_mix import UNKNOWN_INPUTS, WrongResponses, checked, leads
from tests.bench.results import Result, Results
from tests.bench.targets.smtp_sink import MailSink
from tests.bench.targets.subjects import ADMIN_PASSWORD, Server, baseline, comparison, leadtracker
from tests.support.database import execute
from tests.support.instruments.quick_containers import GivenSettings


@frozen
class Scale:
    """The number of rounds and their length."""

    rounds: int
    seconds: float


def alternate(servers: Mapping[str, Server], connections: int, scale: Scale) -> dict[str, list[Load]]:
    """Run rounds on each server in turn, so that other load of the machine affects all equally."""
    loads: dict[str, list[Load]] = {name: [] for name in servers}
    specs = {name: leads() for name in servers}
    for _ in range(scale.rounds):
        for name, server in servers.items():
            loads[name].append(checked(server, specs[name], connections=connections, seconds=scale.seconds))
    return loads


def ratios(loads: Mapping[str, list[Load]], one: str, other: str, of: Callable[[Load], float]) -> list[float]:
    """Return the ratio of two servers in each round."""
    pairs = zip(loads[one], loads[other], strict=True)
    return [of(mine) / of(its) if of(its) else math.inf for mine, its in pairs]


def measure_posts(results: Results, folder: Path, scale: Scale) -> None:
    """Compare LeadTracker with the baseline, and with the comparison as in the tutorial and tuned.

    With 64 clients the first kind runs out of connections, answers half a minute later with errors, and gets
    a single round.
    """
    with ExitStack() as stack:
        servers = {
            "leadtracker": stack.enter_context(leadtracker(folder)),
            "baseline": stack.enter_context(baseline(folder)),
            "tuned comparison": stack.enter_context(comparison(folder, is_tuned=True)),
        }
        usual = stack.enter_context(comparison(folder))
        few = servers | {"comparison": usual}
        alternate(few, 8, Scale(1, scale.seconds / 4))  # to warm up
        _note(results, alternate(few, 1, scale), 1, {"comparison": 3})
        _note(results, alternate(few, 8, scale), 8, {"tuned comparison": 8})
        loads = alternate(servers, 64, scale)
        stalled = drive(usual.port, leads(), connections=64, seconds=scale.seconds)
        loads["comparison"] = [stalled] * scale.rounds
        _note(results, loads, 64, {"tuned comparison": 12})


def measure_answers(results: Results, folder: Path, scale: Scale) -> None:
    """Compare submissions with 20 unknown inputs to those without, on one server, in short rounds in turn."""
    specs = {"with": leads(UNKNOWN_INPUTS), "without": leads()}
    with leadtracker(folder) as server:
        for connections in (1, 8, 64):
            loads: dict[str, list[Load]] = {name: [] for name in specs}
            for turn in range(2 * scale.rounds + 2):
                # Each is the first of a round as often as the second, since the database grows.
                names = list(specs) if turn % 2 else list(reversed(specs))
                for name in names:
                    before = server.processor_seconds()
                    load = checked(server, specs[name], connections=connections, seconds=scale.seconds / 2)
                    load.processor_seconds = server.processor_seconds() - before
                    if turn > 1:  # the first ones warm up
                        loads[name].append(load)
            name = f"POST /leads, {connections} connections: with 20 unknown inputs / without"
            results.add(Result(name, ratios(loads, "with", "without", lambda load: load.per_second), 0.95))
            costs = ratios(loads, "without", "with", lambda load: load.processor_seconds_per_response)
            results.add(Result(f"{name}, by processor time", costs, 0.95))


def measure_assignment(results: Results, folder: Path, scale: Scale) -> None:
    """Compare submissions that get one of three owners in turn to those that get none.

    Raises:
        WrongResponses: a lead got no owner.
    """
    folders = {way: folder / way for way in (Assignment.ROUND_ROBIN, Assignment.NONE)}
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for way, own_folder in folders.items():
            own_folder.mkdir()
            servers[way] = stack.enter_context(leadtracker(own_folder, ASSIGNMENT=way.value))
            _add_owners(own_folder)
        alternate(servers, 8, Scale(1, scale.seconds / 4))  # to warm up
        loads = alternate(servers, 8, scale)
    database = f"sqlite:///{folders[Assignment.ROUND_ROBIN] / 'data' / 'leadtracker.db'}"
    [(unowned,)] = execute(database, "SELECT count(*) FROM leads WHERE owner IS NULL")
    if unowned:
        raise WrongResponses(f"{unowned} leads have no owner")
    values = ratios(loads, Assignment.ROUND_ROBIN, Assignment.NONE, lambda load: load.per_second)
    results.add(Result("POST /leads, 8 connections: with an owner in turn / without", values, 0.8))


def _add_owners(folder: Path) -> None:
    """Add three users who get leads."""
    container = Container(settings=GivenSettings(data_dir=folder / "data"))
    for name in ("ann", "bob", "cem"):
        fields = {"name": name, "role": "agent", "password": ADMIN_PASSWORD, "assignable": True}
        container.manage_users().create(OPERATOR, fields)
    container.dialect().close()


def measure_smtp_timeout(results: Results, folder: Path, scale: Scale) -> None:
    """Measure whether a mail server that never responds slows the capture of leads.

    One program runs at a time: one that has mails to send would take the time of its neighbour.
    """
    with MailSink() as sink, socket.create_server((HOST, 0)) as silent:
        ports = {"healthy": sink.port, "silent": silent.getsockname()[1]}
        loads: dict[str, list[Load]] = {name: [] for name in ports}
        specs = {name: leads() for name in ports}
        for name in ports:
            (folder / name).mkdir()
        for _ in range(scale.rounds):
            for name, port in ports.items():
                with leadtracker(folder / name, "up", SMTP_URL=f"smtp+plain://{HOST}:{port}") as server:
                    load = checked(server, specs[name], connections=8, seconds=scale.seconds)
                loads[name].append(load)
    values = ratios(loads, "silent", "healthy", lambda load: load.per_second)
    results.add(Result("POST /leads, mail server silent / healthy", values, 1.0))


def measure_postgresql(results: Results, folder: Path, scale: Scale, url: str) -> None:
    """Compare LeadTracker on PostgreSQL and on SQLite."""
    with ExitStack() as stack:
        servers = {
            "sqlite": stack.enter_context(leadtracker(folder)),
            "postgresql": stack.enter_context(leadtracker(folder, DATABASE_URL=url)),
        }
        alternate(servers, 64, Scale(1, scale.seconds))
        execute(url, "ANALYZE")  # as autovacuum does within a minute; until then plans are for empty tables
        loads = alternate(servers, 64, scale)
    values = ratios(loads, "postgresql", "sqlite", lambda load: load.per_second)
    results.add(Result("POST /leads, 64 connections: PostgreSQL / SQLite", values, 1.0))


def _note(
    results: Results, loads: Mapping[str, list[Load]], connections: int, goals: Mapping[str, float]
) -> None:
    notes = {
        name: {
            "per_second": [round(load.per_second) for load in some],
            "p50_ms": [round(load.quantile(0.5) * 1000, 2) for load in some],
            "p99_ms": [round(load.quantile(0.99) * 1000, 2) for load in some],
            "client_share": [round(load.client_share, 2) for load in some],
            "wrong": [len(load.wrong) for load in some],
        }
        for name, some in loads.items()
    }
    name = f"POST /leads, {connections} connections"
    slower = ratios(loads, "leadtracker", "baseline", lambda load: load.quantile(0.99))
    goal = 3 if connections == 64 else None
    results.add(Result(f"{name}: p99 / baseline", slower, goal, at_most=True, notes=notes))
    for other in [name for name in loads if name != "leadtracker"]:
        faster = ratios(loads, "leadtracker", other, lambda load: load.per_second)
        results.add(Result(f"{name}: rate / {other}", faster, goals.get(other)))
