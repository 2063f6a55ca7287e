"""Hundreds of clients that guess passwords, each from another address, while leads come in."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
from attrs import define, field

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields
from tests.support.servers.processes import Site

_MAX_P95_SECONDS = 1.0
_PASSWORD = "given to the server"  # noqa: S105 - of a server that this campaign makes
_SIGN_IN_SECONDS = 30
_PAUSE_SECONDS = 0.5  # more would measure the processor that all clients share with the server


@define
class _Guessers:
    """Clients that guess until they are stopped, and what they were answered."""

    site: Site
    statuses: Counter[int] = field(factory=Counter)
    stop: threading.Event = field(factory=threading.Event)
    _numbers: "count[int]" = field(factory=count)

    def guess(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.site.port}", timeout=60) as client:
            while not self.stop.is_set():
                number = next(self._numbers)
                address = f"2001:db8:{number % 0xFFFF:x}::{number >> 16:x}"  # each of another network
                # The delay of an account slows the guesses at it, but not those at names that may be unknown.
                name = "admin" if number % 2 else f"user{number}"
                response = client.get(
                    "/leads", auth=(name, f"guess {number}"), headers={"X-Forwarded-For": address}
                )
                self.statuses[response.status_code] += 1
                self.stop.wait(_PAUSE_SECONDS)


def run(sandbox: Sandbox) -> None:
    """Measure how long regular submissions take during that, and whether the account can still sign in."""
    clients, leads = sandbox.size(100, 300), sandbox.size(40, 400)
    took = []
    with running_web(sandbox, TRUSTED_PROXIES=1, WEB_WORKERS=2) as server:
        guessers = _Guessers(server.site)
        with ThreadPoolExecutor(clients) as pool:
            for _ in range(clients):
                pool.submit(guessers.guess)
            time.sleep(2)
            try:
                took = [_send(server.site, number) for number in range(leads)]
            finally:
                guessers.stop.set()
        delay = _seconds_to_sign_in(server.site)
    took.sort()
    sandbox.findings.record(clients=clients, guesses=guessers.statuses.total())
    sandbox.findings.expect_equal(leads, leads=sandbox.raw_db.count("leads"))
    sandbox.findings.expect_seconds(_MAX_P95_SECONDS, p95=round(took[len(took) * 95 // 100], 2))
    sandbox.findings.expect_equal(0, passwords_accepted=guessers.statuses[200])
    sandbox.findings.expect_seconds(_SIGN_IN_SECONDS, sign_in_after=round(delay, 1))


def _send(site: Site, number: int) -> float:
    began = time.monotonic()
    url = f"http://127.0.0.1:{site.port}/leads"
    httpx.post(url, json=make_fields(f"regular{number}@example.com"), timeout=60)
    return time.monotonic() - began


def _seconds_to_sign_in(site: Site) -> float:
    """Return how long the right password is not accepted after the guesses; infinity for too long."""
    began = time.monotonic()
    url, headers = f"http://127.0.0.1:{site.port}/leads", {"X-Forwarded-For": "198.51.100.7"}
    while (waited := time.monotonic() - began) < _SIGN_IN_SECONDS + 1:
        response = httpx.get(url, auth=("admin", _PASSWORD), headers=headers, timeout=60)
        if response.status_code == httpx.codes.OK:
            return waited
        time.sleep(1)
    return float("inf")


_HASH_IN_EVERY_THREAD = """
    from leadtracker.adapters.system import hashing_threads
    hashing_threads.HashingThreads.run = lambda self, work, *arguments: work(*arguments)
"""

CAMPAIGN = Campaign(
    "password-guessing",
    "hundreds of clients guess passwords while leads come in",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug(
            "passwords are hashed by the threads that serve", ("p95",), in_processes(_HASH_IN_EVERY_THREAD)
        ),
    ),
)
