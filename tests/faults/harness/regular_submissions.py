"""Submissions of others while a campaign bothers the server, directly and through each proxy."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from http.client import HTTPException

from attrs import frozen

from tests.faults.harness.campaign import Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer
from tests.support.builders import make_fields
from tests.support.servers.processes import Site
from tests.support.servers.proxies import in_front, ways

_MAX_SECONDS = 2.0
_LEAST_ANSWERED = 0.999

Bother = Callable[[Site], AbstractContextManager[None]]

RECEIVE_IN_THREADS = in_processes(
    """
    import asyncio
    from leadtracker.entrypoints.wsgi_adapter.adapter import WsgiAdapter
    receive = WsgiAdapter._receive_body
    async def receive_in_thread(self, *arguments):
        loop = asyncio.get_running_loop()
        def work():
            return asyncio.run_coroutine_threadsafe(receive(self, *arguments), loop).result()
        return await self._threads.run(work)
    WsgiAdapter._receive_body = receive_in_thread
    """
)
"""A bug: each body occupies a thread while it comes."""


@frozen
class _Answers:
    """How the submissions were answered, and the seconds of the slowest."""

    within_limit: int
    sent: int
    slowest: float


def check_submissions(sandbox: Sandbox, server: WebServer, bother: Bother, seconds: float) -> None:
    """Submit leads within the block of ``bother``, at each way to the server in turn.

    Nearly all must be stored within two seconds, each over a new connection. A way that fails is the last, as
    a server may not recover in time for the next.
    """
    for name, program in ways().items():
        if program is None:
            sandbox.findings.record(**{name: "not-installed"})
            continue
        with in_front(name, program, server.site, sandbox.folder) as site, bother(site):
            answers = _submit(site, seconds)
        share = answers.within_limit / answers.sent
        sandbox.findings.expect_at_least(_LEAST_ANSWERED, **{name: round(share, 4)})
        sandbox.findings.record(
            **{f"{name}_sent": answers.sent, f"{name}_slowest": round(answers.slowest, 2)}
        )
        if share < _LEAST_ANSWERED:
            break


def _submit(site: Site, seconds: float) -> _Answers:
    took: list[float] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        took += [_seconds_to_answer(site, len(took))]
    within = [one for one in took if one <= _MAX_SECONDS]
    return _Answers(len(within), len(took), max(took))


def _seconds_to_answer(site: Site, number: int) -> float:
    """Send a lead over a new connection; infinity if it is not stored."""
    began = time.monotonic()
    fields = make_fields(f"regular.{site.port}.{number}@example.com")
    try:
        status, _ = site.send("POST", "/leads", json=fields)
    except (OSError, HTTPException):
        return float("inf")
    return time.monotonic() - began if status == HTTPStatus.CREATED else float("inf")
