"""Another process holds the database's lock for half a minute while leads come in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.traffic import Traffic, check_nothing_lost
from tests.faults.harness.web_server import running_web
from tests.support.database import connect

_CLIENTS = 6
_WARM_UP_SECONDS = 3.0
_RECOVERY_TIMEOUT_SECONDS = 5.0
_UNAVAILABLE = 503
_SLACK = 3.0


def run(sandbox: Sandbox) -> None:
    """Lock the written tables, release them, and measure when response times have recovered."""
    seconds = sandbox.size(10, 30)
    with running_web(sandbox) as web:
        traffic = Traffic(web.site)
        with traffic.of(_CLIENTS):
            time.sleep(_WARM_UP_SECONDS)
            with _lock(sandbox.database_url):
                locked = time.monotonic()
                time.sleep(seconds)
            released = time.monotonic()
            time.sleep(2 * _RECOVERY_TIMEOUT_SECONDS)
    before = traffic.slowest(until=locked)
    after = traffic.slowest(since=released + _RECOVERY_TIMEOUT_SECONDS)
    sandbox.findings.record(
        seconds_locked=seconds, unavailable=traffic.outcomes[_UNAVAILABLE], p95_before=round(before, 3)
    )
    sandbox.findings.expect_seconds(max(_SLACK * before, 0.25), p95_after=round(after, 3))
    sandbox.findings.expect_equal(0, other_responses=traffic.count_statuses_except(201, _UNAVAILABLE))
    check_nothing_lost(sandbox, traffic)


@contextmanager
def _lock(url: str) -> Iterator[None]:
    with connect(url) as others:
        others.execute("BEGIN IMMEDIATE" if url.startswith("sqlite") else "BEGIN")
        if not url.startswith("sqlite"):
            others.execute("LOCK TABLE leads IN EXCLUSIVE MODE")
        yield
        others.execute("COMMIT")


_KNOW_NO_ERRORS = """
    from leadtracker.adapters.database.engine import transactions
    transactions._UNAVAILABLE = ()
"""

CAMPAIGN = Campaign(
    "locked-database",
    "the database's lock held by another process",
    run,
    bugs=(
        PlantedBug(
            "a lock that is held for too long is an unknown error",
            ("other_responses",),
            in_processes(_KNOW_NO_ERRORS),
        ),
    ),
)
