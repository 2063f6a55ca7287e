"""O4: recipients that no server takes, at the head of the queue."""

import time
from typing import Any

import orjson

from tests.faults.campaign import Campaign, Ground
from tests.faults.mails import capture, check_mails, plain
from tests.faults.served import Served, served
from tests.support.smtp import MailServer
from tests.support.waiting import eventually

_REJECTED, _GOOD = 50, 200
_SECONDS = 30


def run(ground: Ground) -> None:
    """Let good mails pass those that are refused; then let an admin see the failed ones and retry them."""
    with MailServer() as server, ground.container() as container:
        server.rejected |= {f"refused{number}@example.com" for number in range(_REJECTED)}
        capture(
            container, *sorted(server.rejected), *(f"good{number}@example.com" for number in range(_GOOD))
        )
        with served(ground, SMTP_URL=plain(server)) as web, web.program.start("scheduler"):
            began = time.monotonic()
            eventually(lambda: len(server.arrived) >= _GOOD, "the good mails delivered", 3 * _SECONDS)
            ground.tally.at_most(_SECONDS, seconds_for_good=round(time.monotonic() - began, 1))
            _repair(ground, server, web)
        check_mails(ground, server, mails=_REJECTED + _GOOD, max_duplicates=0)


def _repair(ground: Ground, server: MailServer, web: Served) -> None:
    failed = _failed(web)
    rejected_once = [
        one for one in failed if one["recipient"] in server.rejected and _attempts(one) == (1, 550)
    ]
    ground.tally.exactly(_REJECTED, failed=len(failed), rejected_once=len(rejected_once))
    server.rejected.clear()
    responses = [web.site.send("POST", f"/deliveries/{one['id']}/retry", web.admin)[0] for one in failed]
    ground.tally.exactly(_REJECTED, retried=responses.count(202))
    eventually(lambda: _all_sent(ground), "the failed ones delivered")


def _failed(web: Served) -> list[dict[str, Any]]:
    status, body = web.site.send("GET", "/deliveries?state=failed&limit=200", web.admin)
    found: list[dict[str, Any]] = orjson.loads(body) if status == 200 else []
    return found


def _attempts(delivery: dict[str, Any]) -> tuple[int, int]:
    return len(delivery["attempts"]), delivery["attempts"][-1]["status"]


def _all_sent(ground: Ground) -> bool:
    return not ground.back_door.execute("SELECT 1 FROM deliveries WHERE state <> 'sent' LIMIT 1")


CAMPAIGN = Campaign("O4", "permanent failures at the head of the queue", run)
