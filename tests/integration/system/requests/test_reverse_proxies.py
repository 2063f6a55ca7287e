"""The examples of ``deploy/``: LeadTracker behind nginx and Caddy, started with these files."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from attrs import frozen

from tests.integration.system.requests.test_slow_bodies import LEAD, SILENT, connection, head
from tests.support.instruments.polling import eventually
from tests.support.instruments.skips import skip_loudly
from tests.support.servers.processes import Program, Site, free_port
from tests.support.servers.proxies import in_front, ways

NAMES = ["nginx", "caddy"]


@frozen
class Proxy(Site):
    """A proxy in front of a running server."""

    access_log: Path


@pytest.fixture(scope="module", params=NAMES)
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    name = request.param
    command = ways()[name]
    if command is None:
        skip_loudly(f"{name} is not installed: apt install {name}")
    folder = tmp_path_factory.mktemp(name)
    front, site = Proxy(free_port(), folder / "access.log"), Site(free_port())
    settings = {
        "PORT": site.port,
        "WEB_WORKERS": 1,
        "TRUSTED_PROXIES": 1,
        "PUBLIC_URL": f"http://127.0.0.1:{front.port}",
    }
    with Program(folder, settings, is_forked=True).start("web"):
        site.wait_until_ready()
        with in_front(name, command, site, folder, front):
            yield front


def test_silent_clients_do_not_delay_others(proxy: Proxy) -> None:
    with ExitStack() as stack:
        for number in range(SILENT):
            path = ("/leads", "/sign-in")[number % 2]
            stack.enter_context(connection(proxy)).sendall(head("POST", path) + b"{")
        began = time.monotonic()
        for number in range(10):
            status, _ = proxy.send("POST", "/leads", json={**LEAD, "email": f"ada{number}@example.com"})
            assert status == 201
        assert time.monotonic() - began < 10


def test_clients_cannot_choose_address(proxy: Proxy) -> None:
    def guess(number: int) -> int:
        headers = dict.fromkeys(("X_Forwarded_For", "X-Forwarded-For", "Forwarded"), f"203.0.113.{number}")
        return proxy.send("GET", "/leads", {"Authorization": "Basic bm8=", **headers})[0]

    statuses = [guess(number) for number in range(22)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert proxy.send("GET", "/metrics", {"X_Forwarded_For": "127.0.0.1"})[0] == 404


def test_access_log_has_no_query_string(proxy: Proxy) -> None:
    headers = {"Referer": "https://leads.firm.example/dashboard/leads?q=Lovelace"}
    assert proxy.send("GET", "/leads/logged?q=Lovelace", headers)[0] == 401
    log = proxy.access_log
    eventually(lambda: log.exists() and "/leads/logged" in log.read_text(), "the request in the log")
    assert "Lovelace" not in log.read_text()
