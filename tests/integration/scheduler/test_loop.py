"""``scheduler``: runs until a signal, and then finishes the items in progress."""

import signal
import threading
import time

import pytest

from leadtracker.domain.model.reports.week import Week
from tests.integration.scheduler.conftest import make_due, show
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.raw_database import RawDatabase
from tests.support.servers import receiver as reactions
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Receiver

SOON = 10.0


@on_sqlite
@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
def test_scheduler_stops_promptly(
    program: Program, leadtracker: CommandLine, retool: Receiver, week: Week, stop_signal: signal.Signals
) -> None:
    with program.start("scheduler") as running:
        retool.wait_for(1)
        running.wait_for_log_line("weekly report delivered")
        began = time.monotonic()
        ended = running.stop(stop_signal)
    assert ended.status == 0
    assert time.monotonic() - began < SOON
    assert "scheduler stopped" in ended.err
    assert show(leadtracker, week)["state"] == "delivered"


def test_scheduler_finishes_its_attempt(
    program: Program, leadtracker: CommandLine, retool: Receiver, week: Week
) -> None:
    stopped = threading.Event()
    retool.expect(reactions.respond_after(stopped, 200))
    with program.start("scheduler") as running:
        retool.wait_for(1)
        running.process.send_signal(signal.SIGTERM)
        running.wait_for_log_line("scheduler stopping")
        stopped.set()
        assert running.wait().status == 0
    report = show(leadtracker, week)
    assert (report["state"], len(report["attempts"])) == ("delivered", 1)


@on_sqlite
def test_report_due_while_running_is_sent(
    program: Program, leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    retool.expect(reactions.response(503, {"Retry-After": "3600"}))
    with program.start("scheduler") as running:
        running.wait_for_log_line("weekly report not delivered")
        make_due(raw_db)
        first, second = retool.wait_for(2)
        running.wait_for_log_line("weekly report delivered")
    assert first == second
    assert show(leadtracker, week)["state"] == "delivered"


def test_failing_job_ends_no_other(
    program: Program, leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    raw_db.execute("ALTER TABLE leads RENAME TO hidden")
    with program.start("scheduler") as running:
        running.wait_for_log_line("job failed")
        assert running.process.poll() is None
        raw_db.execute("ALTER TABLE hidden RENAME TO leads")
        leadtracker.run("report", "send")
        retool.wait_for(1)
        assert running.stop().status == 0
    assert show(leadtracker, week)["state"] == "delivered"


@on_sqlite
def test_each_event_is_one_log_line(leadtracker: CommandLine, week: Week) -> None:
    terse = leadtracker.with_settings(LOG_FORMAT="text", LOG_LEVEL="info")
    ended = terse.run("scheduler", "--once")
    sealed, delivered = ended.err.splitlines()
    assert "week sealed" in sealed
    assert "weekly report delivered" in delivered
    assert week.name in sealed
    assert ended.out == ""
