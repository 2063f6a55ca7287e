"""The worst texts of the largest size in every part of a request: their cost, and whether others wait."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unicodedata import normalize

from dependency_injector import providers

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.values import text as text_module
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import replaced
from tests.faults.harness.web_server import running_web
from tests.integration.http.conftest import Accounts, Way
from tests.integration.http.requests.test_worst_texts import (
    LEAD_FIELDS,
    ROOM_FOR_THE_REST,
    Senders,
    Sent,
    accounts_of,
    as_json,
    bodies,
    file_names,
    filled,
    headers,
    queries,
)
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.examples.worst_texts import WORST_TEXTS
from tests.support.http import Client
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.system import MemoryClock
from tests.support.servers.processes import Site

_MAX_PROCESSOR_SECONDS = 0.05
_MAX_WAIT_SECONDS = 0.2
_TRIES = 3  # other work on this machine makes single requests slower
_QUICK = ("marks in the wrong order", "the longest compatibility decomposition", "different ideographs")
_PARTS = (bodies, file_names, accounts_of, queries, headers)


def run(sandbox: Sandbox) -> None:
    """Measure the processor time of each request in this process, then the waiting of others at a server."""
    texts = {name: WORST_TEXTS[name] for name in (WORST_TEXTS if sandbox.is_full else _QUICK)}
    settings = {
        "login_rate_limit": "off",
        "public_rate_limit": "off",
        "secret_key": "a key that guards nothing",
    }
    with sandbox.container(MemoryClock(NOW), **settings) as container:
        container.hasher.override(providers.Object(MemoryPasswordHasher()))
        senders = _senders(container)
        costs = [
            (_cost(sent), f"{name}: {sent.label}")
            for name, make in texts.items()
            for part in _PARTS
            for sent in part(senders, make)
        ]
    cost, label = max(costs)
    sandbox.findings.record(requests=len(costs), slowest=label.replace(" ", "-"))
    sandbox.findings.expect_seconds(_MAX_PROCESSOR_SECONDS, processor_seconds=round(cost, 3))
    with running_web(sandbox, WEB_WORKERS=2) as server:
        waits = [_wait_of_others(server.site, make) for make in texts.values()]
    sandbox.findings.expect_seconds(_MAX_WAIT_SECONDS, others_wait=round(max(waits), 3))


def _senders(container: Container) -> Senders:
    app = create_app(container)
    public, accounts = Client.of(app), Accounts(container, app)
    admin = accounts.client(public, Role.ADMIN)
    browser = public.with_headers(accounts.credentials(Role.ADMIN, Way.SESSION))
    for path in ("/", "/sign-in", "/dashboard/leads"):
        browser.unchecked("GET", path)  # their templates are compiled once
    return Senders(public, admin, browser, admin.post("/leads", make_fields()).body["id"])


def _cost(sent: Sent) -> float:
    """Return the seconds of processor time that a request takes; the least of some tries if it is much."""
    costs: list[float] = []
    while len(costs) < _TRIES and min(costs, default=1.0) > _MAX_PROCESSOR_SECONDS:
        before = time.process_time()
        response = sent.client.unchecked(sent.method, sent.path, sent.headers, **sent.more)
        costs.append(time.process_time() - before)
        assert response.status < 500, sent.label
    return min(costs)


def _wait_of_others(site: Site, make: Callable[[int], str]) -> float:
    """Return the longest wait for a small response while a text is sent in every field."""
    waits: list[float] = []
    while len(waits) < _TRIES and min(waits, default=1.0) > _MAX_WAIT_SECONDS:
        sending = threading.Thread(target=_send_in_every_field, args=(site, make))
        sending.start()
        longest = 0.0
        while sending.is_alive():
            began = time.monotonic()
            site.send("GET", "/healthz")
            longest = max(longest, time.monotonic() - began)
        waits.append(longest)
    return min(waits)


def _send_in_every_field(site: Site, make: Callable[[int], str]) -> None:
    text = filled(make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: as_json(text)["data"])
    for name in LEAD_FIELDS:
        body = as_json(make_fields(**{name: text}))["data"]
        site.send("POST", "/leads", {"Content-Type": "application/json"}, body=body)


@contextmanager
def _normalise_everything() -> Iterator[None]:
    with replaced(text_module, _has_long_run_of_marks=lambda text: not normalize("NFC", text)):
        yield


CAMPAIGN = Campaign(
    "worst-texts",
    "the texts that cost most, in every part of a request",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug("runs of combining marks are normalised", ("processor_seconds",), _normalise_everything),
    ),
)
