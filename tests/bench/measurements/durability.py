"""Check that acknowledged leads are stored: after a minute of concurrent clients, and after ``kill -9``."""

import os
import random
import signal
import threading
from contextlib import suppress
from pathlib import Path

import orjson

from tests.bench.load import Response, drive
from tests.bench.request_mix import WrongResponses, checked, leads
from tests.bench.results import Result, Results
from tests.bench.targets.subjects import Server, baseline, leadtracker
from tests.support.database import execute

_CONNECTIONS = 64
_CREATED = 201
_KEPT = """
    SELECT leads.id FROM leads
    WHERE EXISTS (SELECT 1 FROM lead_history WHERE lead_id = leads.id AND action = 'created')
      AND EXISTS (SELECT 1 FROM deliveries WHERE lead_id = leads.id AND kind = 'acknowledgement')
"""
_BUSY = "database is locked"


def measure_concurrency(results: Results, folder: Path, seconds: float) -> None:
    """Measure many concurrent clients: no request is rejected, none waits long, and no lead is lost.

    Raises:
        WrongResponses: a request was rejected, a lead was lost, or the database was locked.
    """
    with leadtracker(folder) as server, baseline(folder) as bare:
        load = checked(server, leads(), connections=_CONNECTIONS, seconds=seconds)
        its = checked(bare, leads(), connections=_CONNECTIONS, seconds=seconds / 4)
        log = (folder / f"{server.port}.log").read_text()
    if _BUSY in log:
        raise WrongResponses(f"the log says: {_BUSY}")
    _check_kept(folder, load.responses)
    notes = {
        "leads": len(load.responses),
        "p99_ms": load.quantile(0.99) * 1000,
        "longest_ms": load.quantile(1) * 1000,
    }
    ratio = load.quantile(0.99) / its.quantile(0.99)
    name = f"{_CONNECTIONS} clients for {seconds:g} s, nothing rejected or lost: p99 / baseline"
    results.add(Result(name, [ratio], 3, at_most=True, notes=notes))


def measure_kills(results: Results, folder: Path, rounds: int) -> None:
    """Kill the web processes at random moments under load, and count the acknowledged leads that are lost.

    Raises:
        WrongResponses: a lead was lost, or a request was rejected.
    """
    acknowledged: list[Response] = []
    for _ in range(rounds):
        with leadtracker(folder) as server:
            killer = threading.Timer(random.uniform(0.3, 1.5), _kill, [server])  # noqa: S311 - guards nothing
            killer.start()
            load = drive(server.port, leads(), connections=_CONNECTIONS, seconds=5)
            killer.join()
        if load.wrong or not load.broken:
            raise WrongResponses(f"{len(load.wrong)} wrong answers, {load.broken} broken connections")
        acknowledged += load.responses
    with leadtracker(folder):
        _check_kept(folder, acknowledged)
    notes = {"acknowledged": len(acknowledged), "kills": rounds}
    results.add(Result(f"acknowledged leads lost in {rounds} kills", [0], 0, at_most=True, notes=notes))


def _check_kept(folder: Path, responses: list[Response]) -> None:
    acknowledged = {
        orjson.loads(response.body)["id"] for response in responses if response.status == _CREATED
    }
    kept = {row[0] for row in execute(f"sqlite:///{folder / 'data' / 'leadtracker.db'}", _KEPT)}
    lost = acknowledged - kept
    if lost or len(acknowledged) != len(responses):
        raise WrongResponses(f"{len(lost)} of {len(acknowledged)} acknowledged leads are not there")


def _kill(server: Server) -> None:
    for pid in server.pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
