"""Servers that get a signal to stop while leads come in.

Every request that a worker has begun to read is answered. A connection that the kernel has accepted and no
worker has taken when the last of them closes the port is reset by the kernel: ``never_taken`` counts these.
Some clients wait for ``100 Continue``, with which the server shows that it has taken their requests; they
send the bodies after the signal, and must be answered. What they send counts as spam and is in quarantine, so
that it does not appear among the leads of the others.
"""

import signal
import socket
import time
from contextlib import ExitStack, suppress

import orjson

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic, check_nothing_lost
from tests.faults.harness.web_server import START_TIMEOUT_SECONDS
from tests.support.builders import make_fields
from tests.support.clients.raw_http import statuses as statuses_in
from tests.support.servers.processes import Site, free_port

_CLIENTS = 6
_WORKERS = 2
_STOP_TIMEOUT_SECONDS = 30
_MAX_LIFETIME_SECONDS = 0.7
_WAITING_CLIENTS = 3
_PAUSE_SECONDS = 0.2
_TAKEN = '"method": "POST", "path": "/leads"'
_KILLED = "refused to gracefully stop"  # its requests in progress are lost, and not in its log
_KILL_AFTER_SECONDS = 10
"""How long the server lets workers finish. On a busy machine it also says that it kills one that has just
ended: another of its threads waited for the end, too, and has not noted it yet."""


def run(sandbox: Sandbox) -> None:
    """Stop the server at random moments; compare the requests it accepted with the responses it sent."""
    rounds = sandbox.size(5, 50, ci=3)
    site = Site(free_port())
    program = sandbox.program(PORT=site.port, WEB_WORKERS=_WORKERS, LOG_LEVEL="info")
    traffic = Traffic(site)
    statuses, took, killed = [], [], 0
    finished: list[int] = []
    with ExitStack() as stack:
        with traffic.of(_CLIENTS):
            for _ in range(rounds):
                with program.start("web") as running:
                    for worker in range(1, _WORKERS + 1):  # one that has not yet begun misses the signal
                        running.wait_for_log_line(f"Started worker-{worker}", START_TIMEOUT_SECONDS)
                    time.sleep(sandbox.rng.uniform(0.1, _MAX_LIFETIME_SECONDS))
                    waiting = [_take(site) for _ in range(_WAITING_CLIENTS)]
                    began = time.monotonic()
                    running.process.send_signal(signal.SIGTERM)
                    time.sleep(_PAUSE_SECONDS)
                    finished += [_finish(connection, len(finished)) for connection in waiting]
                    ended = running.wait()
                    statuses.append(ended.status)
                    took.append(time.monotonic() - began)
                    killed += ended.err.count(_KILLED) if took[-1] >= _KILL_AFTER_SECONDS else 0
            stack.enter_context(program.start("web"))
            site.wait_until_ready(START_TIMEOUT_SECONDS)
        sandbox.findings.expect_equal(rounds, clean_exits=statuses.count(0))
        sandbox.findings.expect_equal(_WAITING_CLIENTS * rounds, finished=finished.count(201))
        sandbox.findings.expect_seconds(_STOP_TIMEOUT_SECONDS, slowest_stop=round(max(took), 1))
        sandbox.findings.expect_equal(
            0, other_responses=traffic.count_statuses_except(201, DROPPED, NOT_SENT)
        )
    logs = "".join(log.read_text() for log in program.folder.glob("*.err"))
    unanswered = logs.count(_TAKEN) - traffic.outcomes[201] - finished.count(201)
    sandbox.findings.expect_equal(0, unanswered=unanswered, killed_workers=killed)
    sandbox.findings.record(never_taken=traffic.outcomes[DROPPED] - unanswered)
    check_nothing_lost(sandbox, traffic)


def _take(site: Site) -> socket.socket:
    """Announce a lead, and return the connection once the server waits for the body."""
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=_STOP_TIMEOUT_SECONDS)
    head = f"Content-Type: application/json\r\nContent-Length: {len(_body(0))}\r\nConnection: close"
    head = f"POST /leads HTTP/1.1\r\nHost: x\r\n{head}\r\nExpect: 100-continue\r\n\r\n"
    connection.sendall(head.encode())
    answer = connection.recv(1024)
    assert b" 100 " in answer, answer
    return connection


def _finish(connection: socket.socket, number: int) -> int:
    """Send the body, and return the status; 0 without a response."""
    with connection, suppress(OSError):
        connection.sendall(_body(number))
        return [*statuses_in(connection.recv(65_536)), 0][0]
    return 0


def _body(number: int) -> bytes:
    return orjson.dumps(make_fields(f"waiting{number:04}@example.com", leave_this_empty="x"))


_EXIT_AT_ONCE = """
    import os, signal
    register = signal.signal
    def exiting(number, handler):
        return register(number, (lambda *_: os._exit(0)) if number == signal.SIGTERM else handler)
    signal.signal = exiting
"""

CAMPAIGN = Campaign(
    "stop-web",
    "servers stopped while leads come in",
    run,
    bugs=(PlantedBug("the server exits at once", ("finished",), in_processes(_EXIT_AT_ONCE)),),
)
