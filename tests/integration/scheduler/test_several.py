"""Concurrent schedulers: each week is sent by one of them."""

from contextlib import ExitStack

from leadtracker.domain.model.reports.week import Week
from tests.integration.scheduler.conftest import week_and_number
from tests.support.clients.command_line import CommandLine
from tests.support.examples.weeks import closed_weeks, within
from tests.support.instruments.polling import eventually
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Receiver

SCHEDULERS = 3


def test_concurrent_starts_send_one_post(
    program: Program, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    with ExitStack() as stack:
        started = [stack.enter_context(program.start("scheduler", "--once")) for _ in range(SCHEDULERS)]
        assert [running.wait().status for running in started] == [0] * SCHEDULERS
    assert [week_and_number(request) for request in retool.requests] == [(week.name, 3)]
    assert raw_db.count("weekly_reports") == raw_db.count("report_attempts") == 1


def test_concurrent_schedulers_catch_up_once(
    program: Program, leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase
) -> None:
    weeks = closed_weeks(4)
    for week in weeks:
        raw_db.add_lead(f"{week.name}@example.com", within(week))
    leadtracker.run("report", "send", "--week", weeks[0].name)
    with ExitStack() as stack:
        started = [stack.enter_context(program.start("scheduler")) for _ in range(SCHEDULERS)]
        for running in started:
            running.wait_for_log_line("scheduler started")
        eventually(lambda: _delivered(raw_db) == len(weeks), "every week delivered")
        assert [running.stop().status for running in started] == [0] * SCHEDULERS
    assert sorted(week_and_number(request) for request in retool.requests) == [
        (week.name, 1) for week in weeks
    ]


def _delivered(raw_db: RawDatabase) -> int:
    [[number]] = raw_db.execute("SELECT count(*) FROM weekly_reports WHERE state = 'delivered'")
    return int(number)
