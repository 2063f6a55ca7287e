"""Hundreds of connections that send headers, or headers and one byte of a body, and then nothing more.

Others are served at the same time: directly, and behind the examples of nginx and Caddy where these are
installed.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.regular_submissions import RECEIVE_IN_THREADS, check_submissions
from tests.faults.harness.web_server import running_web
from tests.support.servers.processes import Site

_CONNECTIONS = 200
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def run(sandbox: Sandbox) -> None:
    """Hold silent connections on every route that accepts a body, at each way to the server in turn."""
    with sandbox.container() as container:
        paths = _paths(container)
    sandbox.findings.record(connections=_CONNECTIONS, routes=len(paths))

    @contextmanager
    def hold(site: Site) -> Iterator[None]:
        with ExitStack() as stack:
            for number in range(_CONNECTIONS):
                method, path = paths[number % len(paths)]
                _be_silent(stack, site, f"{method} {path}", sends_body=number % 3 > 0)
            yield

    with running_web(sandbox, TRUSTED_PROXIES=1, WEB_WORKERS=2, UPLOAD_MB_PER_DAY=0) as server:
        check_submissions(sandbox, server, hold, seconds=sandbox.size(6, 60))


def _paths(container: Container) -> list[tuple[str, str]]:
    """Return the method and a path of every route that accepts a body."""
    rules = create_app(container).url_map.iter_rules()
    return [
        (method, re.sub("<[^>]+>", "x", rule.rule))
        for rule in rules
        for method in sorted(_WITH_BODY & (rule.methods or set()))
    ]


def _be_silent(stack: ExitStack, site: Site, request: str, *, sends_body: bool) -> None:
    head = f"{request} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n"
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
    with suppress(OSError):  # rejected already
        connection.sendall(head.encode() + b"\r\n" + (b"{" if sends_body else b""))


CAMPAIGN = Campaign(
    "silent-connections",
    "200 connections that send no body, directly and behind proxies",
    run,
    databases_used=(SQLITE,),
    bugs=(PlantedBug("each body occupies a thread while it comes", ("direct",), RECEIVE_IN_THREADS),),
)
