"""Servers that get a signal to stop while leads come in.

Whatever the program has taken in hand is answered. A connection that the kernel has accepted and no worker
has taken yet when the last of them closes the port is reset by the kernel: ``never_taken`` counts them.
"""

import signal
import time
from contextlib import ExitStack

from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic, check_nothing_lost
from tests.support.servers.processes import Site, free_port

_CLIENTS = 6
_WORKERS = 2
_STOP_TIMEOUT_SECONDS = 30
_MAX_LIFETIME_SECONDS = 0.7
_TAKEN = '"method": "POST", "path": "/leads"'
_KILLED = "refused to gracefully stop"  # whatever it had in hand is lost, and not in its log


def run(sandbox: Sandbox) -> None:
    """Stop the server at random moments; compare the requests it accepted with the responses it sent."""
    rounds = sandbox.size(5, 50)
    site = Site(free_port())
    program = sandbox.program(PORT=site.port, WEB_WORKERS=_WORKERS, LOG_LEVEL="info")
    traffic = Traffic(site)
    statuses, took = [], []
    with ExitStack() as stack:
        with traffic.of(_CLIENTS):
            for _ in range(rounds):
                with program.start("web") as running:
                    for worker in range(1, _WORKERS + 1):  # one that has not yet begun misses the signal
                        running.wait_for_log_line(f"Started worker-{worker}")
                    time.sleep(sandbox.rng.uniform(0.1, _MAX_LIFETIME_SECONDS))
                    began = time.monotonic()
                    statuses.append(running.stop(signal.SIGTERM).status)
                    took.append(time.monotonic() - began)
            stack.enter_context(program.start("web"))
            site.wait_until_ready()
        sandbox.findings.expect_equal(rounds, clean_exits=statuses.count(0))
        sandbox.findings.expect_at_most(_STOP_TIMEOUT_SECONDS, slowest_stop=round(max(took), 1))
        sandbox.findings.expect_equal(
            0, other_responses=traffic.count_statuses_except(201, DROPPED, NOT_SENT)
        )
    logs = "".join(log.read_text() for log in program.folder.glob("*.err"))
    unanswered = logs.count(_TAKEN) - traffic.outcomes[201]
    sandbox.findings.expect_equal(0, unanswered=unanswered, killed_workers=logs.count(_KILLED))
    sandbox.findings.record(never_taken=traffic.outcomes[DROPPED] - unanswered)
    check_nothing_lost(sandbox, traffic)


CAMPAIGN = Campaign("stop-web", "servers stopped while leads come in", run)
