"""``scheduler --once``: do everything that is due, and exit."""

from datetime import UTC, datetime, timedelta

import orjson

from leadtracker.domain.model.reports.week import Week
from tests.integration.scheduler.conftest import show, week_and_number
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.examples.weeks import closed_weeks, within
from tests.support.instruments.deliveries import SECRET
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Receiver


def test_last_closed_week_is_sent_once(
    program: Program, leadtracker: CommandLine, retool: Receiver, week: Week
) -> None:
    assert program.run("scheduler", "--once").status == 0
    [request] = retool.requests
    assert request.body == b'{"number_of_leads": 3}'
    assert request.headers["webhook-id"] == f"lt-week-{week.name}"
    assert request.headers["x-leadtracker-week"] == week.name
    assert show(leadtracker, week)["state"] == "delivered"
    assert leadtracker.run("scheduler", "--once").status == 0
    assert len(retool.requests) == 1


@on_sqlite
def test_only_the_primary_leads_of_the_week_count(
    leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    edges = (week.start, week.end - timedelta(microseconds=1), week.end, week.start - timedelta(days=1))
    for number, timestamp in enumerate(edges):
        raw_db.add_lead(f"edge{number}@example.com", timestamp.isoformat().replace("+00:00", "Z"))
    raw_db.execute("UPDATE leads SET duplicate_of = 'id-p1@example.com' WHERE email = 'p0@example.com'")
    assert leadtracker.run("scheduler", "--once").status == 0
    assert [week_and_number(request) for request in retool.requests] == [(week.name, 3 + 1)]


@on_sqlite
def test_week_without_leads_sends_zero(leadtracker: CommandLine, retool: Receiver) -> None:
    [week] = closed_weeks(1)
    assert leadtracker.run("scheduler", "--once").status == 0
    assert [week_and_number(request) for request in retool.requests] == [(week.name, 0)]


@on_sqlite
def test_number_is_logged_without_receiver(leadtracker: CommandLine, week: Week) -> None:
    ended = leadtracker.with_settings(RETOOL_URL="", LOG_LEVEL="info").run("scheduler", "--once")
    assert ended.status == 0
    assert '"number_of_leads": 3' in ended.err
    assert f'"week": "{week.name}"' in ended.err


@on_sqlite
def test_missed_weeks_are_sent_oldest_first(
    leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase
) -> None:
    weeks = closed_weeks(4)
    for number, week in enumerate(weeks):
        for lead in range(number):
            raw_db.add_lead(f"{week.name}.{lead}@example.com", within(week))
    assert leadtracker.run("report", "send", "--week", weeks[0].name).status == 0
    assert leadtracker.run("scheduler", "--once").status == 0
    assert [week_and_number(request) for request in retool.requests] == [
        (week.name, number) for number, week in enumerate(weeks)
    ]


@on_sqlite
def test_too_old_week_is_recorded_only(leadtracker: CommandLine, retool: Receiver, week: Week) -> None:
    weeks = closed_weeks(5)
    leadtracker.run("report", "send", "--week", weeks[0].name)
    assert leadtracker.with_settings(REPORT_CATCHUP_WEEKS=2).run("scheduler", "--once").status == 0
    assert [week_and_number(request)[0] for request in retool.requests] == [
        weeks[0].name,
        weeks[3].name,
        week.name,
    ]
    ledger = leadtracker.run("report", "list", "--json").json
    assert [report["state"] for report in ledger] == [
        "delivered",
        "missed",
        "missed",
        "delivered",
        "delivered",
    ]


@on_sqlite
def test_clock_jump_pauses_sealing(
    leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, week: Week
) -> None:
    leadtracker.run("report", "send", "--week", closed_weeks(2)[0].name)
    long_ago = (datetime.now(UTC) - timedelta(days=36)).isoformat()
    raw_db.execute("UPDATE scheduler_heartbeat SET last_heartbeat_at = ?", long_ago)
    held = leadtracker.run("scheduler", "--once")
    assert "leadtracker report send" in held.err
    assert len(retool.requests) == 1
    assert leadtracker.run("report", "send").status == 0
    assert [week_and_number(request)[0] for request in retool.requests][1:] == [week.name]
    assert leadtracker.run("scheduler", "--once").status == 0
    assert raw_db.execute("SELECT paused_since FROM scheduler_heartbeat") == [(None,)]


@on_sqlite
def test_nothing_is_due_after_erasure(
    leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase
) -> None:
    raw_db.add_lead("ann@example.com", "2020-01-01T00:00:00.000000Z")
    once = leadtracker.with_settings(
        RETOOL_URL="", RETENTION="PENDING=24", WEBHOOK_URLS=retool.url, WEBHOOK_SECRET=SECRET
    )
    assert once.run("scheduler", "--once").status == 0
    assert [orjson.loads(request.body)["type"] for request in retool.requests] == ["lead.erased"]
    assert raw_db.execute("SELECT state FROM deliveries WHERE due_at IS NOT NULL") == []


@on_sqlite
def test_expired_records_are_purged(leadtracker: CommandLine, raw_db: RawDatabase) -> None:
    old, new = (
        (datetime.now(UTC) - timedelta(hours=hours)).isoformat().replace("+00:00", "Z") for hours in (25, 23)
    )
    for digest, at in (("old", old), ("new", new)):
        raw_db.execute("INSERT INTO idempotency_keys (digest, fingerprint, at) VALUES (?, '', ?)", digest, at)
    assert leadtracker.run("scheduler", "--once").status == 0
    assert raw_db.execute("SELECT digest FROM idempotency_keys") == [("new",)]
