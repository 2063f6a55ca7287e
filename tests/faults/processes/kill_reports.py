"""Schedulers that are killed while they seal weeks and send reports.

Weeks pass slowly, so these have passed already: the ledger begins long ago, and the schedulers catch up. The
leases of those that were killed are set back, which is all that others see of the time.
"""

import signal
import time
from collections import Counter

import orjson

from leadtracker.domain.model.reports.week import Week
from tests.faults.harness.campaign import Campaign, Sandbox
from tests.support.examples.weeks import closed_weeks, within
from tests.support.instruments.polling import eventually
from tests.support.servers.receiver import Conversation, Receiver

_RESPONSE_DELAY_SECONDS = 0.05
_MAX_LIFETIME_SECONDS = 0.2
_PAST = "2020-01-01T00:00:00.000000Z"


def run(sandbox: Sandbox) -> None:
    """Kill one scheduler after the other, let the last one finish, and compare the reports with the leads."""
    kills = sandbox.size(10, 60)
    weeks = closed_weeks(sandbox.size(12, 30))
    numbers = {week.name: _add_leads(sandbox, week, number % 4) for number, week in enumerate(weeks)}
    with Receiver() as retool:
        retool.expect(*[_slowly] * (len(weeks) + kills))
        program = sandbox.program(RETOOL_URL=retool.url, REPORT_CATCHUP_WEEKS=len(weeks))
        sandbox.findings.expect_equal(0, begin=program.run("report", "send", "--week", weeks[0].name).status)
        hits = 0
        for _ in range(kills):
            with program.start("scheduler") as running:
                running.wait_for_log_line("scheduler started")
                time.sleep(sandbox.rng.uniform(0, _MAX_LIFETIME_SECONDS))
                running.stop(signal.SIGKILL)
            hits += _expire_leases(sandbox)
        with program.start("scheduler") as last:
            eventually(lambda: _delivered(sandbox) >= len(weeks), "every week delivered")
            sandbox.findings.expect_equal(0, exit_status=last.stop().status)
        sandbox.findings.record(kills=kills, kills_in_an_attempt=hits)
        _check(sandbox, retool, numbers, hits)


def _check(sandbox: Sandbox, retool: Receiver, numbers: dict[str, int], hits: int) -> None:
    stored = sandbox.raw_db.execute("SELECT week, number_of_leads FROM weekly_reports")
    posts = Counter(
        (request.headers["x-leadtracker-week"], orjson.loads(request.body)["number_of_leads"])
        for request in retool.requests.copy()
    )
    sandbox.findings.expect_equal(
        len(numbers), rows=len(stored), weeks_posted=len({week for week, _ in posts})
    )
    sandbox.findings.expect_equal(0, wrong_rows=len(set(stored) ^ set(numbers.items())))
    sandbox.findings.expect_equal(0, wrong_posts=len(set(posts) ^ set(numbers.items())))
    sandbox.findings.expect_at_most(hits, duplicates=posts.total() - len(posts))


def _add_leads(sandbox: Sandbox, week: Week, count: int) -> int:
    for number in range(count):
        sandbox.raw_db.add_lead(f"{week.name}.{number}@example.com", within(week))
    return count


def _slowly(conversation: Conversation) -> None:
    conversation.read()
    conversation.wait(_RESPONSE_DELAY_SECONDS)
    conversation.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _expire_leases(sandbox: Sandbox) -> int:
    """Expire all leases, and return how many of them killed schedulers have left."""
    [[left]] = sandbox.raw_db.execute("SELECT count(*) FROM weekly_reports WHERE leased_until IS NOT NULL")
    sandbox.raw_db.execute("UPDATE report_attempts SET started_at = ? WHERE outcome IS NULL", _PAST)
    sandbox.raw_db.execute("UPDATE weekly_reports SET leased_until = ? WHERE leased_until IS NOT NULL", _PAST)
    return int(left)


def _delivered(sandbox: Sandbox) -> int:
    [[number]] = sandbox.raw_db.execute("SELECT count(*) FROM weekly_reports WHERE state = 'delivered'")
    return int(number)


CAMPAIGN = Campaign("kill-reports", "schedulers killed while they report", run)
