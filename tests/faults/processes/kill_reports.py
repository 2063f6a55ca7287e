"""Schedulers that are killed while they seal weeks and send reports, to Retool and by e-mail.

Weeks pass slowly, so these have passed already: the ledger begins long ago, and the schedulers catch up. The
leases of those that were killed are set back, which is all that others see of the time.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable

import orjson

from leadtracker.domain.model.reports.week import Week
from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.shared_bugs import MAILS_RECORDED_FIRST, POSTS_RECORDED_FIRST
from tests.faults.mails.mail_delivery import ids_of, number_sent, plain
from tests.support.examples.weeks import closed_weeks, within
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Conversation, Receiver
from tests.support.servers.smtp import MailServer

_RESPONSE_DELAY_SECONDS = 0.05
_REPORT_TO = "owner@firm.example"
_MAX_LIFETIME_SECONDS = 0.1
_MAX_WAIT_SECONDS = 300.0  # on a machine that other campaigns load, too
_PAST = "2020-01-01T00:00:00.000000Z"


def run(sandbox: Sandbox) -> None:
    """Kill one scheduler after the other, let the last one finish, and compare the reports with the leads."""
    kills = sandbox.size(10, 60, ci=8)
    weeks = closed_weeks(sandbox.size(12, 30, ci=10))
    numbers = {week.name: _add_leads(sandbox, week, number % 4) for number, week in enumerate(weeks)}
    with Receiver() as retool, _SlowMailServer() as mail_server:
        retool.expect(*[_slowly] * (len(weeks) + kills))
        program = sandbox.program(
            RETOOL_URL=retool.url,
            SMTP_URL=plain(mail_server),
            REPORT_TO=_REPORT_TO,
            REPORT_CATCHUP_WEEKS=len(weeks),
        )
        sandbox.findings.expect_equal(0, begin=program.run("report", "send", "--week", weeks[0].name).status)
        hits: Counter[str] = Counter()
        for _ in range(kills):
            with program.start("scheduler") as running:
                _wait_for_work(sandbox, lambda: len(retool.requests) + len(mail_server.arrived), len(weeks))
                time.sleep(sandbox.rng.uniform(0, _MAX_LIFETIME_SECONDS))
                running.stop(signal.SIGKILL)
            hits.update(_expire_leases(sandbox))
        with program.start("scheduler") as last:
            eventually(
                lambda: _is_done_with_retries(sandbox, program, len(weeks)),
                "every week delivered to both",
                _MAX_WAIT_SECONDS,
            )
            sandbox.findings.expect_equal(0, exit_status=last.stop().status)
        sandbox.findings.record(
            kills=kills, kills_in_a_post=hits["weekly_reports"], kills_in_a_mail=hits["deliveries"]
        )
        _check_posts(sandbox, retool, numbers, hits["weekly_reports"])
        _check_mails(sandbox, mail_server, numbers, hits["deliveries"])


class _SlowMailServer(MailServer):
    """Takes a mail, and confirms it a little later, so that schedulers are killed in between."""

    def next_reaction(self, command: str) -> str | None:
        if command == "END":
            time.sleep(_RESPONSE_DELAY_SECONDS)
        return super().next_reaction(command)


def _check_posts(sandbox: Sandbox, retool: Receiver, numbers: dict[str, int], hits: int) -> None:
    stored = sandbox.raw_db.execute("SELECT week, number_of_leads FROM weekly_reports")
    requests = retool.requests.copy()
    posts = Counter(
        (request.headers["x-leadtracker-week"], orjson.loads(request.body)["number_of_leads"])
        for request in requests
    )
    ids = {(request.headers["x-leadtracker-week"], request.headers["webhook-id"]) for request in requests}
    sandbox.findings.expect_equal(
        len(numbers), rows=len(stored), weeks_posted=len({week for week, _ in posts}), ids=len(ids)
    )
    sandbox.findings.expect_equal(0, wrong_rows=len(set(stored) ^ set(numbers.items())))
    sandbox.findings.expect_equal(0, wrong_posts=len(set(posts) ^ set(numbers.items())))
    sandbox.findings.expect_at_most(hits, duplicates=posts.total() - len(posts))


def _check_mails(sandbox: Sandbox, server: MailServer, numbers: dict[str, int], hits: int) -> None:
    """Check that each week has one e-mail, which arrived, and again only with the same Message-ID."""
    mails = sandbox.raw_db.execute("SELECT text, id FROM deliveries WHERE kind = 'weekly_report'")
    arrived = ids_of(server)
    missing = {f"<{mail_id}@localhost>" for _, mail_id in mails} ^ set(arrived)
    sandbox.findings.expect_equal(sorted(numbers), weeks_mailed=sorted(week for week, _ in mails))
    sandbox.findings.record(weeks_mailed=len(mails))
    sandbox.findings.expect_equal(0, missing_or_foreign_mails=len(missing))
    sandbox.findings.expect_at_most(hits, duplicate_mails=arrived.total() - len(arrived))


def _add_leads(sandbox: Sandbox, week: Week, count: int) -> int:
    for number in range(count):
        sandbox.raw_db.add_lead(f"{week.name}.{number}@example.com", within(week))
    return count


def _slowly(conversation: Conversation) -> None:
    conversation.read()
    conversation.wait(_RESPONSE_DELAY_SECONDS)
    conversation.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _expire_leases(sandbox: Sandbox) -> dict[str, int]:
    """Expire all leases, and return how many of them killed schedulers have left, by table."""
    left = {}
    for table, attempts in (("weekly_reports", "report_attempts"), ("deliveries", "delivery_attempts")):
        [[number]] = sandbox.raw_db.execute(
            f"SELECT count(*) FROM {table} WHERE leased_until > ?",  # noqa: S608 - two constants
            _PAST,
        )
        sandbox.raw_db.execute(
            f"UPDATE {attempts} SET started_at = ? WHERE outcome IS NULL",  # noqa: S608 - as above
            _PAST,
        )
        sandbox.raw_db.execute(
            f"UPDATE {table} SET leased_until = ? WHERE leased_until IS NOT NULL",  # noqa: S608 - as above
            _PAST,
        )
        left[table] = int(number)
    return left


def _wait_for_work(sandbox: Sandbox, count: Callable[[], int], weeks: int) -> None:
    """Wait until something more was sent, or everything."""
    enough = count() + sandbox.rng.randint(0, 2)
    eventually(lambda: count() >= enough or _is_done(sandbox, weeks), "something sent", _MAX_WAIT_SECONDS)


def _is_done(sandbox: Sandbox, weeks: int) -> bool:
    """Check whether every week was delivered to both sinks."""
    sql = "SELECT count(*) FROM weekly_reports WHERE state = 'delivered'"
    [[delivered]] = sandbox.raw_db.execute(sql)
    return min(int(delivered), number_sent(sandbox)) >= weeks


def _is_done_with_retries(sandbox: Sandbox, program: Program, weeks: int) -> bool:
    """Check the same; a mail that was killed in each of its twelve attempts has failed, and is retried."""
    [[failed]] = sandbox.raw_db.execute("SELECT count(*) FROM deliveries WHERE state = 'failed'")
    if failed:
        sandbox.findings.record(retried_by_hand=failed)
        sandbox.findings.expect_equal(0, retry=program.run("deliveries", "retry", "--all-failed").status)
    return _is_done(sandbox, weeks)


CAMPAIGN = Campaign(
    "kill-reports",
    "schedulers killed while they report, to Retool and by e-mail",
    run,
    bugs=(POSTS_RECORDED_FIRST, MAILS_RECORDED_FIRST),
)
