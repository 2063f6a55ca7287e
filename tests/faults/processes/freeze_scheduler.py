"""Schedulers that freeze while they send a mail, for longer than their lease, and then continue.

Each of them holds one message when it is stopped. In full they stay frozen for three leases by the clock; in
quick the leases are set back, which is all that others see of the time.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from leadtracker.container import Container
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.deliveries.deliverable import LEASE
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import POSTGRES
from tests.faults.harness.planting import in_processes
from tests.faults.mails.mail_delivery import capture, check_mails, plain
from tests.support.servers.processes import Program, Running
from tests.support.servers.smtp import HOLD, MailServer

_LEASES = 3
_PAUSE_SECONDS = 0.05
_OTHERS_AT_WORK = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_PAST = "2020-01-01T00:00:00.000000Z"


def run(sandbox: Sandbox) -> None:
    """Freeze all schedulers, let another deliver their mails, thaw them, and check that nothing changes."""
    schedulers = sandbox.size(4, 20, ci=2)
    with MailServer() as server, sandbox.container() as container:
        program = sandbox.program(SMTP_URL=plain(server))
        server.expect("END", *[HOLD] * schedulers)
        with _started(program, schedulers) as started:
            capture(container, *(f"p{number}@example.com" for number in range(schedulers)))
            server.wait_for(schedulers)
            _freeze(started, sandbox, container)
            _expire_leases(sandbox)
            sandbox.findings.expect_equal(0, other=program.run("scheduler", "--once").status)
            before = _delivery_records(sandbox)
            server.release()
            _signal(started, signal.SIGCONT)
            for running in started:
                running.wait_for_log_line('"attempt": 1')
            sandbox.findings.expect_equal(0, late_writes=len(_delivery_records(sandbox) ^ before))
            _signal(started, signal.SIGTERM)
            statuses = [running.wait().status for running in started]
        sandbox.findings.expect_equal(schedulers, frozen=schedulers, clean_exits=statuses.count(0))
        check_mails(sandbox, server, mails=schedulers, max_duplicates=schedulers)


@contextmanager
def _started(program: Program, count: int) -> Iterator[list[Running]]:
    with ExitStack() as stack:
        started = [stack.enter_context(program.start("scheduler")) for _ in range(count)]
        try:
            yield started
        finally:
            _signal(started, signal.SIGCONT)  # a frozen process handles no other signal


def _signal(started: list[Running], which: signal.Signals) -> None:
    for running in started:
        running.process.send_signal(which)


def _freeze(started: list[Running], sandbox: Sandbox, container: Container) -> None:
    """Freeze the schedulers between their transactions: within one they would keep others from writing."""
    _signal(started, signal.SIGSTOP)
    while _is_blocked(sandbox, container):
        _signal(started, signal.SIGCONT)
        time.sleep(_PAUSE_SECONDS)
        _signal(started, signal.SIGSTOP)


def _is_blocked(sandbox: Sandbox, container: Container) -> bool:
    try:
        with container.unit_of_work()() as tx:
            tx.leads.lock_links()  # begins the transaction
    except StorageUnavailable:
        return True
    return sandbox.database_url.startswith(POSTGRES) and bool(sandbox.raw_db.execute(_OTHERS_AT_WORK))


def _expire_leases(sandbox: Sandbox) -> None:
    if sandbox.is_full:
        time.sleep(_LEASES * LEASE.total_seconds())
    else:
        sandbox.raw_db.execute("UPDATE deliveries SET leased_until = ? WHERE leased_until IS NOT NULL", _PAST)
        sandbox.raw_db.execute("UPDATE delivery_attempts SET started_at = ?", _PAST)


def _delivery_records(sandbox: Sandbox) -> set[Any]:
    """Return all deliveries, attempts and history entries."""
    deliveries = sandbox.raw_db.execute("SELECT id, state, due_at, epoch, leased_until FROM deliveries")
    attempts = sandbox.raw_db.execute(
        "SELECT delivery_id, number, finished_at, outcome FROM delivery_attempts"
    )
    entries = sandbox.raw_db.execute("SELECT number, lead_id, action FROM lead_history")
    return {*deliveries, *attempts, *entries}


_IGNORE_EPOCHS = """
    from leadtracker.adapters.database.repositories.deliveries.delivery_repository import (
        PeeweeDeliveryRepository as Deliveries,
    )
    replace = Deliveries.replace
    Deliveries.replace = lambda self, one, *, epoch: replace(self, one, epoch=self.get(one.id).epoch)
"""

CAMPAIGN = Campaign(
    "freeze-scheduler",
    "schedulers frozen for longer than their lease",
    run,
    is_concurrent=True,
    bugs=(
        PlantedBug(
            "a late result is stored without a check of its epoch",
            ("late_writes",),
            in_processes(_IGNORE_EPOCHS),
        ),
    ),
)
