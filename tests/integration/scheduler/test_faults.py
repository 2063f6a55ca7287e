"""Failing receivers and killed schedulers: the ledger shows each attempt, and the report arrives."""

import signal
import threading

import orjson
import pytest
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.container import Container
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.reports.week import Week
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.integration.scheduler.conftest import PAST, make_due, show, week_and_number
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.examples.weeks import stable_timezone, within
from tests.support.raw_database import RawDatabase
from tests.support.servers import receiver as reactions
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Reaction, Receiver

FAILURES = {
    "fails": (reactions.response(500), "planned", "retry", 500),
    "rejects": (reactions.response(401), "planned", "refused", 401),
    "redirects": (reactions.response(302, {"Location": "/"}), "planned", "refused", 302),
    "resets": (reactions.reset_after_reading, "unknown", "unknown", None),
}


@on_sqlite
@pytest.mark.parametrize(("reaction", "state", "outcome", "status"), FAILURES.values(), ids=FAILURES.keys())
def test_failed_attempt_is_logged(
    leadtracker: CommandLine,
    retool: Receiver,
    week: Week,
    reaction: Reaction,
    state: str,
    outcome: str,
    status: int | None,
) -> None:
    retool.expect(reaction)
    ended = leadtracker.run("scheduler", "--once")
    assert ended.status == 1
    [line] = [line for line in ended.err.splitlines() if "weekly report not delivered" in line]
    assert orjson.loads(line)["level"] == ("error" if outcome == "refused" else "warning")
    report = show(leadtracker, week)
    [attempt] = report["attempts"]
    assert (report["state"], attempt["outcome"], attempt["status"]) == (state, outcome, status)
    assert report["next_attempt_at"] > attempt["finished_at"]


@on_sqlite
@pytest.mark.parametrize(
    ("reaction", "twice"), [(reactions.response(500), False), (reactions.reset_after_reading, True)]
)
def test_retry_keeps_number_and_id(
    leadtracker: CommandLine,
    retool: Receiver,
    raw_db: RawDatabase,
    week: Week,
    reaction: Reaction,
    *,
    twice: bool,
) -> None:
    retool.expect(reaction)
    leadtracker.run("scheduler", "--once")
    raw_db.add_lead("late@example.com", within(week))
    make_due(raw_db)
    assert leadtracker.run("scheduler", "--once").status == 0
    first, second = retool.requests
    assert week_and_number(first) == week_and_number(second) == (week.name, 3)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    report = show(leadtracker, week)
    assert (report["state"], report["may_have_arrived_twice"]) == ("delivered", twice)


@on_sqlite
def test_retry_waits_for_its_backoff(leadtracker: CommandLine, retool: Receiver, week: Week) -> None:
    retool.expect(reactions.response(503, {"Retry-After": "3600"}))
    assert leadtracker.run("scheduler", "--once").status == 1
    assert leadtracker.run("scheduler", "--once").status == 0
    assert len(retool.requests) == 1
    assert len(show(leadtracker, week)["attempts"]) == 1


def test_hanging_receiver_is_unknown(database_url: str, retool: Receiver, week: Week) -> None:
    settings = Settings(database_url=SecretStr(database_url), timezone=stable_timezone())
    container = Container(settings=settings)
    hasty = RetoolReportSink(retool.url, None, container.clock(), total_seconds=2)
    container.report_sink.override(providers.Object(hasty))
    retool.expect(reactions.hang)
    jobs = Jobs(container, threading.Event())
    jobs.seal()
    assert jobs.send_reports() is False
    with container.unit_of_work().read_only() as tx:
        report = tx.ledger.get(week.name)
    container.dialect().close()
    assert (report.state, report.attempts[-1].outcome) == ("unknown", "unknown")
    unanswered = AttemptDetail(DetailCode.HTTP_UNANSWERED, host="127.0.0.1", error="TimeoutError")
    assert report.attempts[-1].detail == unanswered


def test_killed_scheduler_is_recovered(
    program: Program, leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    retool.expect(reactions.hang)
    with program.start("scheduler", "--once") as running:
        retool.wait_for(1)
        running.stop(signal.SIGKILL)
    claimed = show(leadtracker, week)
    assert (claimed["state"], claimed["attempts"][0]["outcome"]) == ("sending", None)
    assert leadtracker.run("scheduler", "--once").status == 0
    assert len(retool.requests) == 1  # the dead one's lease still holds

    raw_db.execute("UPDATE weekly_reports SET leased_until = ?", PAST)
    raw_db.execute("UPDATE report_attempts SET started_at = ?", PAST)
    crashed = show(leadtracker, week)
    assert (crashed["state"], crashed["attempts"][0]["outcome"]) == ("unknown", "unknown")
    assert leadtracker.run("scheduler", "--once").status == 0
    first, second = retool.requests
    assert first == second
    delivered = show(leadtracker, week)
    assert (delivered["state"], delivered["may_have_arrived_twice"]) == ("delivered", True)
    assert [attempt["outcome"] for attempt in delivered["attempts"]] == ["unknown", "delivered"]
