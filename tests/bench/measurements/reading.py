"""Benchmarks of reading leads, and of how they scale with the number of leads."""

import re
import socket
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from attrs import frozen

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.bench.load import HOST, Load, request
from tests.bench.measurements.posting import Scale
from tests.bench.request_mix import checked, pages
from tests.bench.results import Result, Results
from tests.bench.targets.seeding import END, YEARS, seed
from tests.bench.targets.subjects import COMPARISON_KEY, Server, comparison, leadtracker

_SEARCHES = ("love+ada", "gra", "5001", "example", "%2B44200000")
_LINK = re.compile(rb"\r\nlink: <https?://[^/]+([^>]+)>", re.IGNORECASE)
_MEGABYTE = 1 << 20


@frozen
class Seeded:
    """A database with ``number`` leads, and an API key for it."""

    folder: Path
    number: int
    api_key: str

    @classmethod
    def make(cls, folder: Path, number: int) -> "Seeded":
        """Create and fill a new database."""
        directory = folder / f"{number}-leads"
        directory.mkdir()
        return cls(directory, number, seed(directory, number))


def measure_pages(results: Results, few: Seeded, many: Seeded, scale: Scale) -> None:
    """Measure a page of 50 within a date range: against the comparison, and few leads against many."""
    with ExitStack() as stack:
        small = stack.enter_context(leadtracker(few.folder))
        large = stack.enter_context(leadtracker(many.folder))
        other = stack.enter_context(comparison(many.folder))
        specs = {
            "small": pages([_second_page(small, few)], few.api_key),
            "large": pages([_second_page(large, many)], many.api_key),
            "other": pages([_same_page()], COMPARISON_KEY),
        }
        servers = {"small": small, "large": large, "other": other}
        loads: dict[str, list[Load]] = {name: [] for name in specs}
        for name, server in servers.items():
            checked(server, specs[name], connections=8, seconds=scale.seconds)  # to warm up
        for _ in range(scale.rounds):
            for name, server in servers.items():
                loads[name].append(checked(server, specs[name], connections=8, seconds=scale.seconds))
        notes = {name: [round(load.per_second) for load in some] for name, some in loads.items()}
        triples = list(zip(loads["small"], loads["large"], loads["other"], strict=True))
    name = f"GET /leads, page of 50, {many.number:,} leads"
    faster = [large.per_second / other.per_second for _, large, other in triples]
    slower = [small.per_second / large.per_second for small, large, _ in triples]
    results.add(Result(f"{name}: rate / comparison", faster, 12, notes=notes))
    goal = 1.15 if many.number <= 1_000_000 else 1.3
    results.add(Result(f"{name}: slower than with {few.number:,}, times", slower, goal, at_most=True))


def measure_search_and_statistics(results: Results, many: Seeded, scale: Scale) -> None:
    """Measure the response times of a search and of the statistics for one client."""
    with leadtracker(many.folder) as server:
        for name, paths, goal in (
            ("search q=", [f"/leads?q={text}" for text in _SEARCHES], 20.0),
            ("GET /stats, everything", ["/stats"], None),
        ):
            specs = pages(paths, many.api_key, b"")
            checked(server, specs, connections=4, seconds=scale.seconds)  # to warm up
            loads = [
                checked(server, specs, connections=1, seconds=scale.seconds) for _ in range(scale.rounds)
            ]
            waits = [load.quantile(0.5) * 1000 for load in loads]
            results.add(Result(f"{name}, {many.number:,} leads: p50", waits, goal, at_most=True, unit="ms"))


def measure_week(results: Results, many: Seeded, scale: Scale) -> None:
    """Measure the count of a week's leads."""
    dialect = dialect_for(f"sqlite:///{many.folder / 'data' / 'leadtracker.db'}")
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    waits = []
    for round_number in range(scale.rounds * 5):
        end = END - timedelta(weeks=round_number)
        began = time.perf_counter()
        with unit_of_work.read_only() as tx:
            assert tx.leads.count_for_report(end - timedelta(weeks=1), end)
        waits.append((time.perf_counter() - began) * 1000)
    dialect.close()
    results.add(Result(f"count of a week, {many.number:,} leads", waits, 20, at_most=True, unit="ms"))


def measure_export(results: Results, many: Seeded) -> None:
    """Measure the memory of a full export, and the time until its first byte."""
    with leadtracker(many.folder, WEB_WORKERS=1) as server:
        server.site.send("GET", "/leads?limit=200", {"X-API-Key": many.api_key})
        idle = server.memory()
        peak, done = [idle], threading.Event()

        def watch() -> None:
            while not done.wait(0.1):
                peak.append(server.memory())

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            first, lines = _export(server, many.api_key)
        finally:
            done.set()
            watcher.join()
    assert lines == many.number, f"{lines} of {many.number} leads were exported"
    grown = (max(peak) - idle) / _MEGABYTE
    results.add(
        Result(f"export of {many.number:,} leads: memory above idle", [grown], 30, at_most=True, unit="MB")
    )
    results.add(Result("export: first byte", [first * 1000], 100, at_most=True, unit="ms"))


def _export(server: Server, api_key: str) -> tuple[float, int]:
    """Return the seconds until the first byte of an export, and the number of its leads."""
    with socket.create_connection((HOST, server.port)) as line:
        began = time.perf_counter()
        spec = request(
            "GET", "/leads/export?format=ndjson", headers=[f"X-API-Key: {api_key}", "Connection: close"]
        )
        line.sendall(spec)
        body = line.recv(1 << 16)
        first, lines = time.perf_counter() - began, 0
        while body:
            lines += body.count(b'{"id":')
            tail = body[-5:]
            body = line.recv(1 << 16)
            lines += (tail + body[:5]).count(b'{"id":')
        return first, lines


def _second_page(server: Server, seeded: Seeded) -> str:
    """Return the path of a second page with a date range, half of the whole period, and a cursor."""
    query = urlencode({"created_from": _day(YEARS * 0.75), "created_to": _day(YEARS * 0.25), "limit": 50})
    with socket.create_connection((HOST, server.port)) as line:
        line.sendall(request("GET", f"/leads?{query}", headers=[f"X-API-Key: {seeded.api_key}"]))
        found = _LINK.search(line.recv(1 << 18))
    assert found, "a first page leads to a second"
    return found[1].decode()


def _same_page() -> str:
    start, end = END - YEARS * 0.75, END - YEARS * 0.25
    query = {
        "created_from": format_timestamp(start),
        "created_to": format_timestamp(end),
        "after_at": format_timestamp(end - timedelta(hours=1)),
        "after_id": "0",
        "limit": 50,
    }
    return f"/leads?{urlencode(query)}"


def _day(before_end: timedelta) -> str:
    return (END - before_end).date().isoformat()
