"""Recipients that every server rejects, at the head of the queue."""

import time
from typing import Any

import orjson

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.faults.mails.mail_delivery import capture, check_mails, plain
from tests.support.instruments.polling import eventually
from tests.support.servers.smtp import MailServer

_REJECTED, _GOOD = 50, 200
_SECONDS = 30


def run(sandbox: Sandbox) -> None:
    """Check that good mails pass the rejected ones, and that an admin can list and retry the failed ones."""
    with MailServer() as server, sandbox.container() as container:
        server.rejected |= {f"rejected{number}@example.com" for number in range(_REJECTED)}
        capture(
            container, *sorted(server.rejected), *(f"good{number}@example.com" for number in range(_GOOD))
        )
        with running_web(sandbox, SMTP_URL=plain(server)) as web, web.program.start("scheduler"):
            began = time.monotonic()
            eventually(lambda: len(server.arrived) >= _GOOD, "the good mails delivered")
            sandbox.findings.expect_seconds(_SECONDS, seconds_for_good=round(time.monotonic() - began, 1))
            _repair(sandbox, server, web)
        check_mails(sandbox, server, mails=_REJECTED + _GOOD, max_duplicates=0)


def _repair(sandbox: Sandbox, server: MailServer, web: WebServer) -> None:
    failed = _failed(web)
    rejected_once = [
        one for one in failed if one["recipient"] in server.rejected and _attempts(one) == (1, 550)
    ]
    sandbox.findings.expect_equal(_REJECTED, failed=len(failed), rejected_once=len(rejected_once))
    server.rejected.clear()
    responses = [web.site.send("POST", f"/deliveries/{one['id']}/retry", web.admin)[0] for one in failed]
    sandbox.findings.expect_equal(_REJECTED, retried=responses.count(202))
    eventually(lambda: _all_sent(sandbox), "the failed ones delivered")


def _failed(web: WebServer) -> list[dict[str, Any]]:
    status, body = web.site.send("GET", "/deliveries?state=failed&limit=200", web.admin)
    found: list[dict[str, Any]] = orjson.loads(body) if status == 200 else []
    return found


def _attempts(delivery: dict[str, Any]) -> tuple[int, int]:
    return len(delivery["attempts"]), delivery["attempts"][-1]["status"]


def _all_sent(sandbox: Sandbox) -> bool:
    return not sandbox.raw_db.execute("SELECT 1 FROM deliveries WHERE state <> 'sent' LIMIT 1")


_RETRY_ALWAYS = """
    from attrs import evolve
    from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
    from leadtracker.domain.model.deliveries.deliverable import Outcome
    send = SmtpEmailSender.send
    def patient(self, email):
        result = send(self, email)
        return evolve(result, outcome=Outcome.RETRY) if result.outcome is Outcome.REJECTED else result
    SmtpEmailSender.send = patient
"""

CAMPAIGN = Campaign(
    "smtp-poison",
    "permanent failures at the head of the queue",
    run,
    bugs=(
        PlantedBug(
            "mails that were rejected for ever are tried again", ("failed",), in_processes(_RETRY_ALWAYS)
        ),
    ),
)
